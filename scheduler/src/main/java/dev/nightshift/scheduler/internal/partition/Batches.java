package dev.nightshift.scheduler.internal.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Names;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.timers.Act;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What of a partition's book and crons is written with one transaction, and what becomes of it
/// when that has ended. Owned by the partition's thread.
final class Batches {
  private static final int ACTS_MAX = 2_000;
  private static final long BYTES_MAX = 4 << 20;

  private final PartitionThread.Parts parts;
  private final RestingTopics resting = new RestingTopics();
  private int actsMax = ACTS_MAX;

  Batches(PartitionThread.Parts parts) {
    this.parts = parts;
  }

  /// What is to be written now. Crons come first, as they have few, but leave half to the others.
  List<Act> due(Instant now) {
    List<Act> acts = new ArrayList<>(parts.crons().acts(now, actsMax, BYTES_MAX / 2));
    if (acts.size() < actsMax) {
      long bytes = acts.stream().mapToLong(Act::bytes).sum();
      acts.addAll(
          parts
              .book()
              .acts(
                  parts.control().view(),
                  now,
                  new TimerBook.Batch(actsMax - acts.size(), Math.max(1, BYTES_MAX - bytes))));
    }
    return acts;
  }

  /// They are written.
  void done(List<Act> acts) {
    Instant now = parts.clock().instant();
    for (Act act : acts) {
      events(act)
          .forEach(
              event -> resting.written(event.topic(), System.nanoTime()).ifPresent(this::tell));
      switch (act) {
        case Act.Fire fire -> {
          parts.book().done(fire);
          long late = TimerBook.nowMicros(now) - fire.dueMicros();
          parts.events().accept(new SchedulerEvent.Fired(Duration.of(late, ChronoUnit.MICROS)));
        }
        case Act.End ending -> {
          parts.book().done(ending);
          parts.events().accept(new SchedulerEvent.Ended(ending.how()));
        }
        case Act.Tick tick -> {
          parts.crons().done(tick);
          for (Instant due : tick.plan().ticks()) {
            parts.events().accept(new SchedulerEvent.Fired(Duration.between(due, now)));
          }
        }
      }
    }
    actsMax = Math.min(ACTS_MAX, 2 * actsMax);
  }

  /// Topics that nothing waits for any more rest no more.
  void forgetRested() {
    resting.forget(System.nanoTime()).forEach(this::tell);
  }

  /// The partition is another scheduler's.
  void giveUp() {
    resting.clear();
  }

  private void tell(RestingTopics.End end) {
    parts
        .events()
        .accept(new SchedulerEvent.TopicGoesOn(parts.partition(), end.topic(), end.after()));
  }

  /// When there may be something to write; empty if that is not known.
  OptionalLong nextMicros() {
    return earlier(parts.book().nextMicros(), parts.crons().nextMicros());
  }

  /// When the earliest of all is due; empty if none waits. What rests is looked at later than that.
  OptionalLong firstDueMicros() {
    OptionalLong first = earlier(parts.book().firstDueMicros(), parts.crons().nextMicros());
    Duration overdue = resting.longest(System.nanoTime());
    return overdue.isZero()
        ? first
        : earlier(
            first, OptionalLong.of(TimerBook.nowMicros(parts.clock().instant().minus(overdue))));
  }

  private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
    return one.isEmpty() || other.isPresent() && other.getAsLong() < one.getAsLong() ? other : one;
  }

  /// They are not written. What Kafka will never take ends otherwise, once it is alone; what goes
  /// where nothing can be written now rests.
  ///
  /// @param took how long it was until that was known
  /// @return whether what failed is left alone, and the rest can be written
  boolean failed(List<Act> acts, TimerWriter.Result.Failed failed, Duration took) {
    if (!failed.forGood()) {
      Optional<String> topic =
          failed.record().isPresent()
              ? topicOf(acts, failed.record().getAsInt())
              : Optional.empty();
      topic.ifPresent(each -> rest(each, took, failed.cause()));
      return topic.isPresent();
    }
    if (acts.size() > 1) {
      // Which one it is shows when they are written in smaller parts.
      actsMax = Math.max(1, acts.size() / 2);
    } else {
      refused(acts.getFirst(), Trouble.said(failed.cause()));
    }
    return true;
  }

  private void refused(Act act, String reason) {
    if (act instanceof Act.Tick tick) {
      parts.crons().refused(tick);
    } else {
      parts.book().refused(act, reason);
    }
    parts.events().accept(new SchedulerEvent.Refused(parts.partition(), what(act), reason));
  }

  private static String what(Act act) {
    return act instanceof Act.Tick tick
        ? "what cron " + tick.cron() + " emits"
        // The last record is its end, or the event itself, both under its key.
        : "event " + Names.quoted(new String(act.records().getLast().key(), UTF_8));
  }

  // Where an event was to go; empty if that record is none.
  private static Optional<String> topicOf(List<Act> acts, int record) {
    int first = 0;
    for (Act act : acts) {
      if (record < first + act.records().size()) {
        return record < first + events(act).size()
            ? Optional.of(act.records().get(record - first).topic())
            : Optional.empty();
      }
      first += act.records().size();
    }
    return Optional.empty();
  }

  // They come first of what is written because of it.
  private static List<ProducerRecord<byte[], byte[]>> events(Act act) {
    return switch (act) {
      case Act.Fire fire -> fire.records().subList(0, 1);
      case Act.Tick tick -> tick.records().subList(0, tick.plan().ticks().size());
      case Act.End _ -> List.of();
    };
  }

  // Its canvas may be deleted, and its topic gone.
  private void rest(String topic, Duration took, Throwable cause) {
    RestingTopics.Failure failure = resting.failed(topic, took, System.nanoTime());
    if (failure.tell()) {
      parts
          .events()
          .accept(new SchedulerEvent.TopicRests(parts.partition(), topic, Trouble.said(cause)));
    }
    Duration pause = failure.rest();
    Instant now = parts.clock().instant();
    parts.book().rest(topic, TimerBook.nowMicros(now.plus(pause)));
    parts.crons().rest(topic, now, pause);
    parts.control().refresh();
  }
}
