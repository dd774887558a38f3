package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ledger.SettledPart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// Removes from the log what is settled, as schedulers do: the decision is production's, and what
/// it knows of the ledgers may be old.
final class SimTrims {
  private static final int READS_ONE_IN = 100;
  private static final int TRIMS_ONE_IN = 150;

  private final SimWorld world;
  private final Random random;
  private Map<TopicPartition, SettledPart.Committed> read = new HashMap<>();

  /// @param random of its own: runs without it ask for the same numbers as if it were not there
  SimTrims(SimWorld world, Random random) {
    this.world = world;
    this.random = random;
  }

  /// Reads the ledgers now and then; now and then removes by what it had read.
  void step() {
    if (!world.plan.trims()) {
      return;
    }
    if (random.nextInt(READS_ONE_IN) == 0) {
      read = committed();
    }
    if (random.nextInt(TRIMS_ONE_IN) == 0) {
      read.forEach(this::trim);
    }
  }

  private Map<TopicPartition, SettledPart.Committed> committed() {
    Map<TopicPartition, SettledPart.Committed> found = new HashMap<>();
    Set<String> topics =
        new TreeSet<>(world.canvases.view().topics(SimEvent.TOPICS.workersGroup()));
    topics.add(SimEvent.RETRY);
    for (String topic : topics) {
      for (int i = 0; i < world.cluster.topics().getOrDefault(topic, 0); i++) {
        TopicPartition partition = new TopicPartition(topic, i);
        world
            .cluster
            .committed(partition)
            .ifPresent(each ->
                found.put(partition, new SettledPart.Committed(each.base(), each.metadata())));
      }
    }
    return found;
  }

  private void trim(TopicPartition partition, SettledPart.Committed committed) {
    Optional<Uuid> topicId = world.cluster.topicId(partition.topic());
    if (topicId.isEmpty()) {
      return; // It was deleted meanwhile.
    }
    OptionalLong before =
        SettledPart.before(
            topicId.get(), world.cluster.end(partition), List.of(Optional.of(committed)));
    if (before.orElse(0) > world.cluster.start(partition)) {
      world.tell("upkeep", "trims " + partition + " to " + before.getAsLong());
      world.promises.trimmed(partition, before.getAsLong());
      world.cluster.trim(partition, before.getAsLong());
    }
  }
}
