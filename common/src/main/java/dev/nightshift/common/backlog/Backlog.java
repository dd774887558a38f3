package dev.nightshift.common.backlog;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.Lane;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Silence;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// What had not ended when this was begun: a function of the log and of the ledgers, counted by
/// reading. Exact once [#complete]; before that each number is a lower bound. Delayed events, if
/// they are asked for, are read last, and those of a partition count when it was read whole: an
/// event may end further behind. An event that is just being moved to another topic may show twice,
/// or not at all; at rest nothing is. For one thread.
public final class Backlog {
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicPlan plan;
  private final ControlView view;
  private final Consumer<byte[], byte[]> consumer;
  private final KnownNames names = new KnownNames();
  private final Map<TopicPartition, Part> unread = new HashMap<>();
  private final Map<TopicPartition, Pending> delayed = new HashMap<>();
  private final SortedMap<QueueName, Count> counts = new TreeMap<>();
  private final Cluster cluster;
  private final Silence silence;
  private final long offsets;

  /// A partition that is to be read.
  ///
  /// @param ledger what is known of it
  /// @param writer the worker that wrote the ledger, if one did; long names are cut
  /// @param end the offset after the last one that counts
  record Part(Ledger ledger, Optional<String> writer, long end) {}

  private static final class Count {
    long waiting;
    long inLane;
    long retrying;
    long running;
    long delayed;
    Optional<Instant> oldest = Optional.empty();

    QueueDepth depth() {
      return new QueueDepth(waiting, inLane, retrying, running, delayed, oldest);
    }
  }

  /// @param cluster what the consumer reads; says how long it may be silent, too
  Backlog(
      TopicPlan plan,
      ControlView view,
      Cluster cluster,
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Part> parts) {
    this.plan = plan;
    this.view = view;
    this.cluster = cluster;
    this.silence = new Silence(cluster.timeout());
    this.consumer = consumer;
    parts.forEach((partition, part) -> {
      if (part.ledger().base() < part.end()) {
        unread.put(partition, part);
        if (partition.topic().equals(plan.delayed())) {
          delayed.put(partition, new Pending(names));
        }
      }
    });
    this.offsets = left();
    consumer.assign(unread.keySet());
    // A backlog that was begun before has paused what it had read.
    consumer.resume(unread.keySet());
    unread.forEach((partition, part) -> consumer.seek(partition, part.ledger().base()));
    consumer.pause(delayed.keySet());
    goOnWithDelayed();
  }

  // One partition after another: more of them are counted if there is no time for all.
  private void goOnWithDelayed() {
    if (completeButDelayed()) {
      unread.keySet().stream()
          .min(Comparator.comparingInt(TopicPartition::partition))
          .ifPresent(next -> consumer.resume(List.of(next)));
    }
  }

  /// Reads on.
  ///
  /// @param atMost returns after this time, roughly, even if there is more
  /// @return whether all was read
  /// @throws dev.nightshift.common.FleetException if the cluster refuses it, or nothing more comes
  ///   for as long as an answer may take
  public boolean read(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    try {
      while (!complete() && System.nanoTime() - until < 0) {
        readSome();
      }
    } catch (KafkaException e) {
      throw cluster.failure("count what waits in the fleet's topics", e);
    }
    return complete();
  }

  private void readSome() {
    long begun = System.nanoTime();
    consumer.poll(POLL).forEach(this::add);
    boolean tooLong = silence.isTooLong(System.nanoTime() - begun, left());
    forgetRead();
    if (tooLong && !complete()) {
      throw new TimeoutException("no records came");
    }
  }

  /// Whether all was read.
  public boolean complete() {
    return unread.isEmpty();
  }

  /// Whether all was read but what is delayed: those numbers are exact then.
  public boolean completeButDelayed() {
    return delayed.keySet().containsAll(unread.keySet());
  }

  /// How much of it was read, from 0 to 1.
  public double progress() {
    return offsets == 0 ? 1 : 1 - (double) left() / offsets;
  }

  /// The queues of which something was found, in their order.
  public SortedMap<QueueName, QueueDepth> depths() {
    SortedMap<QueueName, QueueDepth> depths = new TreeMap<>();
    counts.forEach((name, count) -> depths.put(name, count.depth()));
    return depths;
  }

  private long left() {
    long left = 0;
    for (Map.Entry<TopicPartition, Part> each : unread.entrySet()) {
      boolean begun = consumer.assignment().contains(each.getKey());
      long position = begun ? consumer.position(each.getKey()) : each.getValue().ledger().base();
      left += Math.max(0, each.getValue().end() - position);
    }
    return left;
  }

  private void forgetRead() {
    Collection<TopicPartition> read =
        unread.entrySet().stream()
            .filter(each -> consumer.position(each.getKey()) >= each.getValue().end())
            .map(Map.Entry::getKey)
            .toList();
    if (!read.isEmpty()) {
      unread.keySet().removeAll(List.copyOf(read));
      consumer.pause(read);
      read.forEach(this::countDelayed);
    }
    goOnWithDelayed();
  }

  private void countDelayed(TopicPartition partition) {
    Pending pending = delayed.remove(partition);
    if (pending != null) {
      pending.count((queue, count) -> of(queue).delayed += count);
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Part part = unread.get(partition);
    if (part == null || record.offset() >= part.end()) {
      return;
    }
    Pending pending = delayed.get(partition);
    if (pending == null) {
      count(record, part);
    } else {
      pending.add(record);
    }
  }

  private Count of(QueueName queue) {
    return counts.computeIfAbsent(queue, name -> new Count());
  }

  private void count(ConsumerRecord<byte[], byte[]> record, Part part) {
    Mark mark = part.ledger().mark(record.offset());
    if (mark == Mark.COMPLETED) {
      return;
    }
    boolean lane = plan.isLane(record.topic());
    boolean retry = record.topic().equals(plan.retry());
    EventEnvelope event;
    try {
      event = EventEnvelope.read(record, lane || retry, names);
    } catch (EventEnvelope.UndecodableException e) {
      return; // It is no event, and will not be one.
    }
    Count count = of(new QueueName(canvasOf(view, record.topic(), event), event.queue()));
    if (mark == Mark.CLAIMED) {
      count.running++;
    } else if (lane) {
      count.inLane++;
    } else if (retry) {
      count.retrying++;
    } else {
      count.waiting++;
    }
    count.oldest =
        count
            .oldest
            .filter(known -> !event.emittedAt().isBefore(known))
            .or(() -> Optional.of(event.emittedAt()));
  }

  /// Whose an event is that lies in a topic; empty if nothing says it.
  static String canvasOf(ControlView view, String topic, EventEnvelope event) {
    return view.laneOf(topic)
        .map(Lane::canvas)
        .or(() -> view.canvasOf(event.originTopic(), event.claimedCanvas()).map(Canvas::name))
        .or(event::claimedCanvas)
        .orElse("");
  }
}
