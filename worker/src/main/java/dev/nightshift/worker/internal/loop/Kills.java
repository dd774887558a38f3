package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Killer;

/// Counts the events that kill their processes, and blocks their queues: the queues' breakers. What
/// it has done shows in the control view. Each call returns at once.
public interface Kills {
  /// Counts nothing, blocks nothing.
  Kills NONE =
      new Kills() {
        @Override
        public long killed(Killer killer) {
          return 0;
        }

        @Override
        public long answered() {
          return 0;
        }

        @Override
        public void survived(Canvas canvas, String queue, String eventId) {
          // Nothing was blocked.
        }
      };

  /// An event killed the process that ran it.
  ///
  /// @return what [#answered] comes to when that is on record, with the block that it led to
  long killed(Killer killer);

  /// All is on record that was told when [#killed] returned this number, or a smaller one; or it
  /// was tried in vain.
  long answered();

  /// An event of a queue that is tried after a block ended, and this process lives.
  void survived(Canvas canvas, String queue, String eventId);
}
