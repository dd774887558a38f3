package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ControlView;
import java.time.Instant;

/// What the loop needs of the control log. Each call returns at once.
public interface Control {
  /// The newest view that was read.
  ControlView view();

  /// The view contains everything that was in the log at this instant.
  Instant freshAsOf();

  /// Asks that [#freshAsOf] be brought up to now.
  void refresh();
}
