package dev.nightshift.scheduler.internal.partition;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import java.util.Map;
import java.util.OptionalLong;

/// Takes events out of the book whose canvas is deleted: only after the control log was read up to
/// an end that was taken later than the events were, as a view may be old. Owned by the partition's
/// thread.
final class DeletedCanvases {
  private static final int SWEEP_MAX = 5_000;

  /// What a step came to.
  enum Step {
    /// No event waits for such a canvas.
    NONE,
    /// The control log is being read.
    WAIT,
    /// Events are to be ended; their records have to be read before.
    SWEPT
  }

  /// The control log, as [FollowedLog] has it.
  interface Control {
    ControlView view();

    long refresh();

    long answered();

    static Control of(FollowedLog<ControlView> log) {
      return new Control() {
        @Override
        public ControlView view() {
          return log.view();
        }

        @Override
        public long refresh() {
          return log.refresh();
        }

        @Override
        public long answered() {
          return log.answered();
        }
      };
    }
  }

  private final TimerBook book;
  private final Control control;

  private Judgement judgement = Judgement.NONE;
  private long judgedVersion = -1;
  private long judgedTargets = -1;

  /// Targets that are not there, by a view that may be old.
  ///
  /// @param ticket when the log was read later
  /// @param below the records that had been read by then
  private record Judgement(OptionalLong ticket, Map<Integer, String> dead, long below) {
    static final Judgement NONE = new Judgement(OptionalLong.empty(), Map.of(), 0);
  }

  DeletedCanvases(TimerBook book, Control control) {
    this.book = book;
    this.control = control;
  }

  /// Begins anew.
  void forget() {
    judgement = Judgement.NONE;
    judgedVersion = -1;
    judgedTargets = -1;
  }

  /// Looks, or goes on with what was found; at most some thousand events at a time.
  Step step() {
    if (judgement.ticket().isEmpty()) {
      suspect();
    }
    if (judgement.ticket().isEmpty()) {
      return Step.NONE;
    }
    if (control.answered() < judgement.ticket().getAsLong()) {
      return Step.WAIT;
    }
    if (sweep() > 0 || book.doomed() >= SWEEP_MAX) {
      return Step.SWEPT;
    }
    judgement = Judgement.NONE;
    if (!book.dead(control.view()).isEmpty()) {
      // Emitted meanwhile, by who had not heard of it.
      judgedVersion = -1;
    }
    return Step.NONE;
  }

  private void suspect() {
    ControlView view = control.view();
    if (view.version() == judgedVersion && book.targetsAdded() == judgedTargets) {
      return;
    }
    judgedVersion = view.version();
    judgedTargets = book.targetsAdded();
    Map<Integer, String> dead = book.dead(view);
    if (!dead.isEmpty()) {
      judgement = new Judgement(OptionalLong.of(control.refresh()), dead, book.readTo());
    }
  }

  private int sweep() {
    Map<Integer, String> dead = book.dead(control.view());
    int swept = 0;
    for (int target : judgement.dead().keySet()) {
      String reason = dead.get(target);
      int most = SWEEP_MAX - book.doomed();
      if (reason != null && most > 0) {
        swept += book.sweep(target, reason, judgement.below(), most);
      }
    }
    return swept;
  }
}
