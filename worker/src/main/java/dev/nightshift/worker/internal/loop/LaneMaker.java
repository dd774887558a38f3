package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;

/// Makes lanes on demand. What it has made shows in the control view.
public interface LaneMaker {
  /// Asks that this queue have a lane. Returns at once, and may be asked again and again; should it
  /// fail, the next call begins anew.
  void want(Canvas canvas, String queue);
}
