package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Killer;
import dev.nightshift.common.ledger.Mark;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Lost attempts whose event is known to have killed its process, as it ran alone: they go on only
/// when that was counted, and this worker knows of the block that it led to. So it is counted
/// whoever dies: until then the former owner's claim stands, and the next owner finds it again.
/// Owned by the loop's thread.
final class Deaths {
  private final LoopTime time;
  private final Control control;
  private final Kills kills;
  private final Deque<Death> counting = new ArrayDeque<>();
  private final Deque<Death> reading = new ArrayDeque<>();

  /// A lost attempt.
  ///
  /// @param asked the answer that it waits for
  record Death(Waiting waiting, Mark mark, Canvas canvas, long asked) {}

  Deaths(LoopTime time, Control control, Kills kills) {
    this.time = time;
    this.control = control;
    this.kills = kills;
  }

  /// Has a lost attempt counted if its event is known to have killed its process.
  ///
  /// @return whether it is; then it comes back as one of [#counted]
  boolean take(Waiting waiting, Mark mark, Optional<Canvas> canvas) {
    if (mark != Mark.CLAIMED || canvas.isEmpty() || !isKiller(waiting, canvas.get())) {
      return false;
    }
    var event = waiting.event();
    long asked =
        kills.killed(
            new Killer(
                canvas.get().name(),
                canvas.get().generation(),
                event.queue(),
                event.id(),
                event.attempt(),
                waiting.partition().formerWriter(),
                time.wall().truncatedTo(ChronoUnit.MICROS)));
    counting.addLast(new Death(waiting, mark, canvas.get(), asked));
    return true;
  }

  // Either it was suspected so often that nothing was started beside it, or it was the one that was
  // tried after a block: then nothing else of its queue was claimed.
  private boolean isKiller(Waiting waiting, Canvas canvas) {
    ControlView view = control.view();
    String queue = waiting.event().queue();
    boolean tried =
        waiting.partition().kind() == Partition.Kind.LANE
            && waiting.partition().formerClaims() == 1
            && view.breakers()
                .trip(canvas, queue)
                .filter(flag -> !flag.counts(time.wall()))
                .isPresent();
    return view.breakers().of(canvas, queue).on()
        && (tried || waiting.event().suspicion() >= Suspects.ALONE);
  }

  /// Those that go on now.
  List<Death> counted() {
    while (!counting.isEmpty() && counting.peekFirst().asked() <= kills.answered()) {
      Death death = counting.removeFirst();
      reading.addLast(new Death(death.waiting(), death.mark(), death.canvas(), control.refresh()));
    }
    List<Death> done = new ArrayList<>();
    while (!reading.isEmpty() && reading.peekFirst().asked() <= control.answered()) {
      done.add(reading.removeFirst());
    }
    return done;
  }

  /// Forgets those of partitions.
  void drop(Predicate<Partition> which) {
    counting.removeIf(death -> which.test(death.waiting().partition()));
    reading.removeIf(death -> which.test(death.waiting().partition()));
  }
}
