package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where timers go, as small numbers: there are few targets, and many timers. Owned by one thread.
public final class Targets {
  private final Map<Target, Integer> numbers = new HashMap<>();
  private final List<Target> targets = new ArrayList<>();

  /// Where events go.
  ///
  /// @param topic the canvas's topic when they were emitted; empty for the one that it has when
  ///   they are due
  record Target(String canvas, Optional<String> topic) {}

  /// What a view of the control log says of a target.
  public sealed interface Verdict {
    /// It is there.
    record Into(String topic) implements Verdict {}

    /// It is not, nor will it be: no generation of a canvas comes back.
    ///
    /// @param reason in words
    record Dead(String reason) implements Verdict {}
  }

  /// A target's number.
  int number(String canvas, Optional<String> topic) {
    Target target = new Target(canvas, topic);
    Integer known = numbers.get(target);
    if (known != null) {
      return known;
    }
    targets.add(target);
    numbers.put(target, targets.size() - 1);
    return targets.size() - 1;
  }

  /// The canvas of a target.
  String canvas(int number) {
    return targets.get(number).canvas();
  }

  /// Where its events go, by this view.
  Verdict verdict(int number, ControlView view) {
    Target target = targets.get(number);
    Optional<Canvas> canvas = view.canvas(target.canvas());
    if (canvas.isEmpty()) {
      return new Verdict.Dead("there is no canvas " + target.canvas());
    }
    String now = canvas.get().topic();
    if (target.topic().isPresent() && !target.topic().get().equals(now)) {
      return new Verdict.Dead(
          "the canvas "
              + target.canvas()
              + " was deleted since, and created again: the event was for "
              + target.topic().get()
              + ", not for "
              + now);
    }
    return canvas.get().deleted()
        ? new Verdict.Dead("the canvas " + target.canvas() + " was deleted before it was due")
        : new Verdict.Into(now);
  }
}
