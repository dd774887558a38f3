package dev.nightshift.bench.stage;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Looks at how far a group has committed a topic. For one thread.
public final class Settled {
  private static final Duration AT_MOST = Duration.ofMinutes(15);

  /// A look costs the broker something: most are far apart.
  private static final long SELDOM_NANOS = 100_000_000;

  private static final long OFTEN_NANOS = 5_000_000;

  /// From here on it looks often.
  private static final double NEAR_END = 0.97;

  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, Long> ends;

  /// Takes the topic's ends as they are now.
  public Settled(Admin admin, String group, String topic) {
    this.admin = admin;
    this.group = group;
    this.ends = ends(admin, topic);
  }

  /// Waits until everything up to the ends is committed.
  ///
  /// @return when it was seen
  /// @throws IllegalStateException if that takes longer than a quarter of an hour, or the process
  ///   has failed
  public Instant await(JavaProcess process) {
    long all = ends.values().stream().mapToLong(end -> end).sum();
    long until = System.nanoTime() + AT_MOST.toNanos();
    long settled = settled();
    while (settled < all) {
      process.check();
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            "group %s has committed %,d of %,d events within %d min; its process said:%n%s"
                .formatted(group, settled, all, AT_MOST.toMinutes(), process.said()));
      }
      LockSupport.parkNanos(settled < all * NEAR_END ? SELDOM_NANOS : OFTEN_NANOS);
      settled = settled();
    }
    return Instant.now();
  }

  /// How many offsets are behind the commits.
  public long settled() {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      long sum = 0;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        OffsetAndMetadata found = committed.get(end.getKey());
        sum += found == null ? 0 : Math.min(found.offset(), end.getValue());
      }
      return sum;
    } catch (ExecutionException e) {
      return 0; // There is no such group yet.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic) {
    try {
      int partitions =
          admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
              .mapToInt(found -> found.partitions().size())
              .sum();
      Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
      for (int i = 0; i < partitions; i++) {
        ask.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin.listOffsets(ask).all().get().forEach((p, end) -> ends.put(p, end.offset()));
      return ends;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot read the ends of topic " + topic, e);
    }
  }
}
