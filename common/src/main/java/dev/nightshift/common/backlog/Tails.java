package dev.nightshift.common.backlog;

import dev.nightshift.common.Cluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Tells events that wait from marks of transactions at the end of a partition, which nobody ever
/// reads: where all events have ended, they look like one more. Only where little is left and
/// nothing has moved from one look to the next, the rest is read. For one thread.
final class Tails {
  /// More offsets than this are believed to hold an event.
  private static final int OFFSETS_MAX = 64;

  /// So many partitions are read in one look.
  private static final int PARTITIONS_MAX = 64;

  private static final Duration READ_MAX = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final Cluster cluster;
  private Map<TopicPartition, Standing> before = Map.of();
  private final Map<TopicPartition, Standing> empty = new HashMap<>();

  Tails(Consumer<byte[], byte[]> consumer, Cluster cluster) {
    this.consumer = consumer;
    this.cluster = cluster;
  }

  /// The same, without the marks that are known as such.
  ///
  /// @throws dev.nightshift.common.FleetException if the cluster refuses it
  Map<TopicPartition, Standing> without(Map<TopicPartition, Standing> standings) {
    empty.keySet().retainAll(standings.keySet());
    Map<TopicPartition, Standing> wanted =
        standings.entrySet().stream()
            .filter(each -> isStill(each.getKey(), each.getValue()))
            .limit(PARTITIONS_MAX)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    before = standings;
    if (!wanted.isEmpty()) {
      try {
        read(wanted);
      } catch (KafkaException e) {
        throw cluster.failure("read what is left of the fleet's topics", e);
      }
    }
    Map<TopicPartition, Standing> without = new HashMap<>(standings);
    without.replaceAll((partition, is) -> is.equals(empty.get(partition)) ? is.withoutTail() : is);
    return without;
  }

  private boolean isStill(TopicPartition partition, Standing is) {
    return is.waiting() > 0
        && is.end() - is.from() <= OFFSETS_MAX
        && is.equals(before.get(partition))
        && !is.equals(empty.get(partition));
  }

  private void read(Map<TopicPartition, Standing> left) {
    consumer.assign(left.keySet());
    consumer.resume(left.keySet());
    left.forEach((partition, is) -> consumer.seek(partition, is.from()));
    long until = System.nanoTime() + READ_MAX.toNanos();
    while (!left.isEmpty() && System.nanoTime() - until < 0) {
      Set<TopicPartition> read = new HashSet<>(consumer.poll(POLL).partitions());
      left.forEach((partition, is) -> {
        if (!read.contains(partition) && consumer.position(partition) >= is.end()) {
          empty.put(partition, is);
          read.add(partition);
        }
      });
      left.keySet().removeAll(read);
      consumer.pause(read);
    }
    consumer.assign(List.of());
  }
}
