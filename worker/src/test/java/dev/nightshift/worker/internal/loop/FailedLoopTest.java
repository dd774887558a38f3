package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The loop fails while handlers run.
@Timeout(60)
class FailedLoopTest {
  private static final ControlView VIEW =
      ControlView.EMPTY.with(
          new Canvas("a", 1, StreamedLog.EVENTS.topic(), SimEvent.TOPICS.workersGroup(), false));

  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final List<List<Object>> interrupts = new ArrayList<>();
  private boolean broken;
  private final Worker worker = new Worker();

  private final class Worker extends FakeWorker {
    Worker() {
      super(ScribeTest.settings(Duration.ofSeconds(1)), clock, log);
    }

    @Override
    void waits(Duration time) {
      clock.pass(time);
    }

    @Override
    public Running start(AttemptSpec spec) {
      List<Object> own = new ArrayList<>();
      interrupts.add(own);
      return own::add;
    }

    @Override
    public ControlView view() {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      return VIEW;
    }
  }

  @Test
  void all_that_runs_is_interrupted_also_what_was_given_up_before() {
    log.endAt(1);
    worker.until(() -> interrupts.size() == 1);
    log.revoke();
    worker.until(() -> interrupts.size() == 2);
    assertEquals(List.of(List.of(Interruption.HAND_BACK), List.of()), interrupts);

    broken = true;
    assertEquals(
        "broken", assertThrows(IllegalStateException.class, worker.loop::run).getMessage());
    assertEquals(
        List.of(
            List.of(Interruption.HAND_BACK, Interruption.HAND_BACK),
            List.of(Interruption.HAND_BACK)),
        interrupts);
  }
}
