package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flags;
import java.time.Instant;
import java.util.Optional;

/// Which queues may not start anything: the flags of one control view at one instant. Immutable.
record Stops(Flags flags, long version, Instant at) {
  /// Stops nothing.
  static final Stops NONE = new Stops(ControlView.EMPTY.flags(), -1, Instant.MIN);

  static Stops of(ControlView view, Instant now) {
    return new Stops(view.flags(), view.version(), now);
  }

  /// Whether it may say something else than this by now: the view is another, or a flag has come to
  /// its end.
  boolean outdated(ControlView view, Instant now) {
    return view.version() != version
        || flags.nextEnd(at).filter(end -> !now.isBefore(end)).isPresent();
  }

  /// When a flag comes to its end by itself, if one does.
  Optional<Instant> nextEnd() {
    return flags.nextEnd(at);
  }

  boolean stops(Canvas canvas, String queue) {
    return flags.stopsCanvas(canvas, at) || flags.stopsQueue(canvas, queue, at);
  }
}
