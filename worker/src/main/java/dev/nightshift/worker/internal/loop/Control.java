package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ControlView;
import java.util.Optional;

/// What the loop needs of the control log; see `FollowedLog`. Each call returns at once.
public interface Control {
  /// The newest view that was read.
  ControlView view();

  /// Asks that the log be read up to its present end.
  ///
  /// @return what [#answered] comes to when that has been done
  long refresh();

  /// The view holds everything that was in the log when [#refresh] returned this number, or a
  /// smaller one.
  long answered();

  /// Why the view may lack something; empty while all is well.
  Optional<String> problem();
}
