package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flags;
import dev.nightshift.common.Lane;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Which queues may not start anything: the flags of one control view at one instant. Immutable.
///
/// @param nextEnd when a flag comes to its end by itself, if one does; asked for in each turn, and
///   there may be ten thousand
record Stops(ControlView view, Instant at, Optional<Instant> nextEnd) {
  /// Stops nothing.
  static final Stops NONE = new Stops(ControlView.EMPTY, Instant.MIN);

  Stops(ControlView view, Instant at) {
    this(view, at, view.flags().nextEnd(at));
  }

  /// Whether it may say something else than this by now: the view says something else, or a flag
  /// has come to its end.
  boolean outdated(ControlView newest, Instant now) {
    return newest.version() != view.version()
        || nextEnd.filter(end -> !now.isBefore(end)).isPresent();
  }

  /// The same of a view that says the same, read further.
  Stops with(ControlView newer) {
    return newer == view ? this : new Stops(newer, at, nextEnd);
  }

  boolean stops(Canvas canvas, String queue) {
    return flags().stops(canvas, queue, at);
  }

  /// Whether a queue is tried: its breaker's block is over and was not lifted.
  boolean tries(Canvas canvas, String queue) {
    return view.breakers().trip(canvas, queue).filter(flag -> !flag.counts(at)).isPresent();
  }

  /// Whether all that a partition holds is stopped: nothing of it need be read.
  boolean stops(Partition partition) {
    String topic = partition.id().topic();
    return switch (partition.kind()) {
      case RETRY -> flags().stopsAll(at);
      case LANE -> view.laneOf(topic).filter(this::stops).isPresent();
      case EVENTS -> stopsAll(view.canvasesOf(topic));
    };
  }

  // Canvases that are gone stay for good where they shared a topic.
  private boolean stopsAll(Collection<Canvas> canvases) {
    boolean any = false;
    for (Canvas canvas : canvases) {
      if (!canvas.gone() && !stops(canvas)) {
        return false;
      }
      any |= !canvas.gone();
    }
    return any;
  }

  private boolean stops(Lane lane) {
    return view.canvas(lane.canvas(), lane.generation())
        .filter(canvas -> !canvas.deleted() && stops(canvas, lane.queue()))
        .isPresent();
  }

  // What a deleted canvas still has is not held up: it ends.
  private boolean stops(Canvas canvas) {
    return !canvas.deleted() && flags().stopsCanvas(canvas, at);
  }

  /// Whether an event is in the way where it stands: it may not start, and its partition is read
  /// for the sake of others.
  boolean inTheWay(Waiting waiting) {
    Partition partition = waiting.partition();
    return partition.kind() != Partition.Kind.LANE
        && !partition.stopped()
        && stops(waiting.canvas(), waiting.event().queue());
  }

  private Flags flags() {
    return view.flags();
  }
}
