package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// What limited queues may start here. All their events are in their lanes, and each partition of a
/// lane, which has one owner, has its part of the limit: so the whole fleet keeps to it and nobody
/// is asked. Owned by the loop's thread. Pure.
final class Quotas {
  // How much of a rate may be made up for after a while of nothing.
  private static final double BURST_SECONDS = 0.1;

  private final Map<TopicPartition, Bucket> buckets = new HashMap<>();
  private ControlView view = ControlView.EMPTY;

  /// Starts that are left of a partition's rate.
  private static final class Bucket {
    double starts = 1;
    long nanos;

    Bucket(long nanos) {
      this.nanos = nanos;
    }

    void fill(double perSecond, long now) {
      double most = Math.max(1, perSecond * BURST_SECONDS);
      starts = Math.min(most, starts + perSecond * (now - nanos) / Duration.ofSeconds(1).toNanos());
      nanos = now;
    }
  }

  /// Whether a view has other limits, or other lanes for them.
  boolean differs(ControlView other) {
    return !other.limits().equals(view.limits())
        || !other.lanes().equals(view.lanes())
        || !other.breakers().sameTrips(view.breakers());
  }

  /// From now on its limits count.
  void read(ControlView now) {
    view = now;
  }

  /// How long a handler of the queue may take, if its limit says so.
  Optional<Duration> timeout(Canvas canvas, String queue) {
    return view.limit(canvas, queue).flatMap(Limit::timeout);
  }

  /// Whether starts of the event's queue are limited.
  boolean isLimited(Waiting waiting) {
    return limit(waiting).isPresent();
  }

  /// Whether the event is in a partition of its lane that has no part of the limit.
  boolean isAstray(Waiting waiting, Lane lane) {
    return limit(waiting)
        .filter(limit -> waiting.partition().id().partition() >= limit.partitions(lane))
        .isPresent();
  }

  /// In how many of the lane's partitions the queue's events are put.
  int partitions(Canvas canvas, String queue, Lane lane) {
    return limit(canvas, queue)
        .filter(Limit::ofStarts)
        .map(limit -> limit.partitions(lane))
        .orElse(lane.partitions());
  }

  /// Whether the event may be started as far as limits are concerned.
  boolean mayStart(Waiting waiting, long nanos) {
    Optional<Limit> limit = limit(waiting);
    if (limit.isEmpty()) {
      return true;
    }
    TopicPartition partition = waiting.partition().id();
    Optional<Lane> lane = view.laneOf(partition.topic());
    if (lane.isEmpty()) {
      return false;
    }
    Optional<Integer> most = limit.get().concurrency(lane.get(), partition.partition());
    // What a former owner has claimed counts until it is settled.
    if (most.isPresent() && waiting.partition().ledger().claims() >= most.get()) {
      return false;
    }
    Optional<Double> rate = limit.get().perSecond(lane.get(), partition.partition());
    return rate.isEmpty() || bucket(partition, rate.get(), nanos).starts >= 1;
  }

  private Bucket bucket(TopicPartition partition, double perSecond, long nanos) {
    Bucket bucket = buckets.computeIfAbsent(partition, name -> new Bucket(nanos));
    bucket.fill(perSecond, nanos);
    return bucket;
  }

  /// It is claimed.
  void started(Waiting waiting) {
    Bucket bucket = buckets.get(waiting.partition().id());
    if (bucket != null) {
      bucket.starts--;
    }
  }

  // What its lane has refused would wait for ever.
  private Optional<Limit> limit(Waiting waiting) {
    return waiting.stays()
        ? Optional.empty()
        : limit(waiting.canvas(), waiting.event().queue()).filter(Limit::ofStarts);
  }

  // From its breaker's block on, one event of a queue runs at once: while it is blocked they gather
  // in one partition of the lane, and its owner tries one after the other when the block is over.
  private Optional<Limit> limit(Canvas canvas, String queue) {
    Optional<Limit> own = view.limit(canvas, queue);
    return view.breakers().trip(canvas, queue).isEmpty()
        ? own
        : Optional.of(
            new Limit(
                canvas.name(),
                canvas.generation(),
                queue,
                Optional.of(1),
                own.flatMap(Limit::perSecond),
                own.flatMap(Limit::timeout)));
  }
}
