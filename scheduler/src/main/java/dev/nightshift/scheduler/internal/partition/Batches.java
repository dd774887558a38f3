package dev.nightshift.scheduler.internal.partition;

import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.timers.Act;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What of a partition's book and crons is written with one transaction, and what becomes of it
/// when that has ended. Owned by the partition's thread.
final class Batches {
  private static final int ACTS_MAX = 2_000;
  private static final long BYTES_MAX = 4 << 20;

  /// For so long a topic that could not be written is left alone.
  private static final Duration REST = Duration.ofSeconds(1);

  private final PartitionThread.Parts parts;
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

  /// They are not written. What Kafka will never take ends otherwise, once it is alone; what goes
  /// where nothing can be written now rests.
  void failed(List<Act> acts, TimerWriter.Result.Failed failed) {
    if (!failed.forGood()) {
      failed.record().ifPresent(record -> rest(acts, record));
    } else if (acts.size() > 1) {
      // Which one it is shows when they are written in smaller parts.
      actsMax = Math.max(1, acts.size() / 2);
    } else {
      refused(acts.getFirst(), Trouble.said(failed.cause()));
    }
  }

  private void refused(Act act, String reason) {
    if (act instanceof Act.Tick tick) {
      parts.crons().refused(tick);
    } else {
      parts.book().refused(act, reason);
    }
    parts.events().accept(new SchedulerEvent.Refused(parts.partition(), reason));
  }

  // Its canvas may be deleted, and its topic gone.
  private void rest(List<Act> acts, int record) {
    int first = 0;
    for (Act act : acts) {
      if (act instanceof Act.Fire fire && record == first) {
        long now = TimerBook.nowMicros(parts.clock().instant());
        parts
            .book()
            .rest(fire.timer().target(), now + TimeUnit.MILLISECONDS.toMicros(REST.toMillis()));
        parts.control().refresh();
      } else if (act instanceof Act.Tick tick
          && record >= first
          && record < first + tick.plan().ticks().size()) {
        parts.crons().rest(tick, parts.clock().instant(), REST);
        parts.control().refresh();
      }
      first += act.records().size();
    }
  }
}
