package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides when a deleted canvas is carried a step further to its end. Owned by one thread. Knows
/// no clock.
public final class CanvasEnds {
  /// Emitters hear of a deletion within a moment; those that do not get what they store ended, too.
  private static final Duration DELETED_FOR = Duration.ofSeconds(10);

  private final Map<Canvas, Long> seen = new HashMap<>();
  private final Set<Canvas> done = new HashSet<>();

  /// What is done with a deleted canvas; see `CanvasRemoval`.
  public interface Removal {
    /// Whether something stands in its topics that has not ended.
    boolean waits(ControlView view, Canvas canvas);

    /// Has its topics read no more.
    void leave(Canvas canvas);

    /// Deletes its topics.
    ///
    /// @return false if something was stored meanwhile: then they are read again
    boolean delete(ControlView view, Canvas canvas);
  }

  /// The canvases whose turn it is now.
  ///
  /// @param heard whether all live workers act by this view
  /// @param nanos monotonic
  public List<Canvas> due(ControlView view, boolean heard, long nanos) {
    return view.deletedCanvases().stream()
        .filter(canvas -> !done.contains(canvas))
        .filter(
            canvas -> nanos - seen.computeIfAbsent(canvas, first -> nanos) >= DELETED_FOR.toNanos())
        .filter(canvas -> !canvas.gone() || heard)
        .toList();
  }

  /// Carries one of those a step further.
  ///
  /// @return whether its topics are deleted now
  public boolean carry(ControlView view, Canvas canvas, Removal removal) {
    if (canvas.gone()) {
      return removal.delete(view, canvas) && done.add(canvas);
    }
    if (!removal.waits(view, canvas)) {
      removal.leave(canvas);
    }
    return false;
  }
}
