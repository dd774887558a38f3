package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.worker.internal.fleet.CanvasEnds;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// What one simulated worker does for deleted canvases while it leads, by what it has heard: the
/// decisions are production's, the cluster is in memory.
final class SimRemoval implements CanvasEnds.Removal {
  private static final int LOOKS_ONE_IN = 30;

  private final SimWorld world;
  private final Random random;
  private final CanvasEnds ends = new CanvasEnds();

  /// @param random of its own: runs without it ask for the same numbers as if it were not there
  SimRemoval(SimWorld world, Random random) {
    this.world = world;
    this.random = random;
  }

  /// Looks now and then.
  ///
  /// @param leads whether its worker has the retry topic's first partition, for all it knows
  void step(boolean leads, ControlView view, SimPeers.Reader peers) {
    if (leads && random.nextInt(LOOKS_ONE_IN) == 0) {
      boolean heard = peers.allActBy(view.version());
      long nanos = Duration.between(java.time.Instant.EPOCH, world.clock.instant()).toNanos();
      for (Canvas canvas : ends.due(view, heard, nanos)) {
        if (ends.carry(view, canvas, this)) {
          world.tell("upkeep", canvas + " is gone");
        }
      }
    }
  }

  @Override
  public boolean waits(ControlView view, Canvas canvas) {
    for (String topic : existing(view, canvas)) {
      for (int i = 0; i < world.cluster.topics().getOrDefault(topic, 0); i++) {
        TopicPartition partition = new TopicPartition(topic, i);
        long base = world.cluster.committed(partition).map(Committed::base).orElse(0L);
        boolean stands =
            world.cluster.read(topic).stream()
                .anyMatch(
                    each -> each.partition() == partition.partition() && each.offset() >= base);
        if (stands || world.cluster.isOpen(partition)) {
          return true;
        }
      }
    }
    return canvas.shared() && standsIn(canvas);
  }

  private boolean standsIn(Canvas canvas) {
    return world.cluster.read(canvas.topic()).stream()
        .anyMatch(each -> {
          TopicPartition partition = new TopicPartition(each.topic(), each.partition());
          Header claimed = each.headers().lastHeader(EventHeaders.CANVAS);
          return claimed != null
              && canvas.name().equals(new String(claimed.value(), UTF_8))
              && each.offset()
                  >= world.cluster.committed(partition).map(Committed::base).orElse(0L);
        });
  }

  @Override
  public void leave(Canvas canvas) {
    world.canvases.put(canvas.deleted(true));
  }

  @Override
  public boolean delete(ControlView view, Canvas canvas) {
    if (waits(view, canvas)) {
      world.canvases.put(canvas.deleted(false));
      return false;
    }
    check(
        world.canvases.newest(canvas.name()).deleted()
            || world.canvases.newest(canvas.name()).generation() > canvas.generation(),
        "the topics of " + canvas + " go though it is not deleted");
    Set<String> topics = existing(view, canvas);
    topics.forEach(topic -> {
      world.promises.goes(topic);
      world.cluster.deleteTopic(topic);
    });
    world.canvases.forget(canvas);
    return true;
  }

  private Set<String> existing(ControlView view, Canvas canvas) {
    Set<String> topics = new TreeSet<>(view.topics(canvas));
    topics.retainAll(world.cluster.topics().keySet());
    return topics;
  }
}
