package dev.nightshift.bench.stage;

import dev.nightshift.common.ledger.LedgerCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Looks at how far a group has committed some topics. For one thread.
public final class Settled {
  private static final Duration STANDSTILL_MAX = Duration.ofMinutes(1);
  private static final Duration LOOK_FOR_STANDSTILL = Duration.ofSeconds(20);

  /// A look costs the broker something: most are far apart.
  private static final long SELDOM_NANOS = 100_000_000;

  private static final long OFTEN_NANOS = 5_000_000;

  /// From here on it looks often.
  private static final double NEAR_END = 0.97;

  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, Long> ends;

  /// Takes the topics' ends as they are now.
  public Settled(Admin admin, String group, List<String> topics) {
    this.admin = admin;
    this.group = group;
    this.ends = ends(admin, topics);
  }

  /// How many offsets the topics have.
  public long all() {
    return ends.values().stream().mapToLong(end -> end).sum();
  }

  /// Waits until everything up to the ends is committed.
  public Instant awaitAll(JavaProcess process) {
    return await(all(), process);
  }

  /// Waits until so many offsets are committed.
  ///
  /// @return when it was seen
  /// @throws IllegalStateException if nothing was committed for a minute, or the process failed
  public Instant await(long wanted, JavaProcess process) {
    long seen = settled();
    long since = System.nanoTime();
    while (seen < wanted) {
      process.check();
      LockSupport.parkNanos(seen < wanted * NEAR_END ? SELDOM_NANOS : OFTEN_NANOS);
      long now = settled();
      since = now > seen ? System.nanoTime() : since;
      seen = now;
      if (System.nanoTime() - since > STANDSTILL_MAX.toNanos()) {
        throw new IllegalStateException(
            "group %s has committed %,d of %,d offsets and stands still; its process said:%n%s"
                .formatted(group, seen, wanted, process.said()));
      }
    }
    return Instant.now();
  }

  /// Waits until all of a process's events have come to their ends and no event of the group is
  /// claimed any more, in whatever topic: they may have gone through a lane or the retry topic, so
  /// the bases of the canvases' topics do not tell. Gives up when nothing was committed for a
  /// minute: what was not run by then counts as lost.
  ///
  /// @return when it was seen
  public Instant awaitDone(Running running) {
    Map<TopicPartition, OffsetAndMetadata> seen = Map.of();
    long since = System.nanoTime();
    while (!running.done() || claims() > 0) {
      running.process().check();
      LockSupport.parkNanos(OFTEN_NANOS);
      long still = System.nanoTime() - since;
      if (still > LOOK_FOR_STANDSTILL.toNanos()) {
        Map<TopicPartition, OffsetAndMetadata> now = committed();
        if (!now.equals(seen)) {
          seen = now;
          since = System.nanoTime();
        } else if (still > STANDSTILL_MAX.toNanos()) {
          break;
        }
      }
    }
    return Instant.now();
  }

  /// How many offsets are behind the commits.
  public long settled() {
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    long sum = 0;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      OffsetAndMetadata found = committed.get(end.getKey());
      sum += found == null ? 0 : Math.min(found.offset(), end.getValue());
    }
    return sum;
  }

  /// How many events the group's ledgers say are claimed, in whatever topic.
  public long claims() {
    return committed().values().stream().mapToLong(Settled::claims).sum();
  }

  /// How many of these partitions' events are claimed.
  public long claims(Set<TopicPartition> partitions) {
    return committed().entrySet().stream()
        .filter(each -> partitions.contains(each.getKey()))
        .mapToLong(each -> claims(each.getValue()))
        .sum();
  }

  private static long claims(OffsetAndMetadata committed) {
    try {
      return committed.metadata().isEmpty()
          ? 0
          : LedgerCodec.decode(committed.offset(), committed.metadata()).ledger().claims();
    } catch (LedgerCodec.UnreadableException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, offset) -> {
            if (offset != null) {
              committed.put(partition, offset);
            }
          });
      return committed;
    } catch (ExecutionException e) {
      return Map.of(); // There is no such group yet.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<TopicPartition, Long> ends(Admin admin, List<String> topics) {
    try {
      Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get()
          .forEach((topic, found) ->
              found
                  .partitions()
                  .forEach(
                      p -> ask.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest())));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin.listOffsets(ask).all().get().forEach((p, end) -> ends.put(p, end.offset()));
      return ends;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot read the ends of topics", e);
    }
  }
}
