package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Outcome;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A handler hangs while five million other events of its partition pass it, in the hands of three
/// workers.
class LongHangTest {
  private static final int EVENTS = 5_000_000;
  private static final int CHARS_MAX = 4_096;
  private static final long HANGS = 1_000;

  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final BitSet started = new BitSet(EVENTS);
  private final List<String> hanging = new ArrayList<>();

  @Test
  void millionsPassAHandlerThatHangs() {
    Process first = new Process("w1");
    pass(first, 2_000_000);
    assertHeld();

    log.revoke();
    first.loop.tick();
    Process second = new Process("w2");
    pass(second, 4_000_000);
    assertHeld();
    assertEquals(List.of("attempt 1 at w1", "attempt 1 at w2"), hanging);

    log.readerDied();
    Process third = new Process("w3");
    pass(third, EVENTS);
    assertEquals(List.of("attempt 1 at w1", "attempt 1 at w2", "attempt 2 at w3"), hanging);
    assertEquals(EVENTS, log.committed(StreamedLog.EVENTS).base());
    assertEquals(0, log.committed(StreamedLog.RETRY).base());

    third.endHanging();
    third.until(() -> log.committed(StreamedLog.RETRY).base() == 1);
    assertEquals(1, log.retries());
    assertEquals(EVENTS, started.cardinality());
    int longest = log.longestMetadata();
    assertTrue(longest <= CHARS_MAX, () -> "a ledger had " + longest + " characters");
  }

  // More events come, and the worker runs them.
  private void pass(Process worker, int upTo) {
    log.endAt(upTo);
    worker.until(() -> {
      Load load = worker.loop.load();
      return started.cardinality() == upTo && load.running() == 1 && !load.unwritten();
    });
  }

  private void assertHeld() {
    assertEquals(HANGS, log.committed(StreamedLog.EVENTS).base());
  }

  /// One worker, whose handlers end at once, but for one.
  private final class Process extends FakeWorker {
    private final String name;
    private Optional<AttemptKey> hangs = Optional.empty();

    Process(String name) {
      super(
          new LoopSettings(
              name,
              10_000,
              40_000,
              128_000_000,
              Duration.ofMillis(20),
              Duration.ofMillis(2),
              Duration.ofSeconds(6),
              Duration.ZERO,
              Duration.ofSeconds(1),
              2_000,
              4_000_000,
              CHARS_MAX,
              5,
              List.of(Duration.ZERO),
              1,
              SimEvent.TOPICS),
          clock,
          log);
      this.name = name;
    }

    void endHanging() {
      mailbox.attemptEnded(new Finished(hangs.orElseThrow(), Outcome.COMPLETED, List.of()));
    }

    @Override
    public Running start(AttemptSpec spec) {
      int event = Integer.parseInt(spec.event().id());
      if (event == HANGS) {
        started.set(event);
        hanging.add("attempt " + spec.event().attempt() + " at " + name);
        hangs = Optional.of(spec.key());
        return STUBBORN;
      }
      assertTrue(!started.get(event), () -> event + " starts again at " + name);
      started.set(event);
      mailbox.attemptEnded(new Finished(spec.key(), Outcome.COMPLETED, List.of()));
      return STUBBORN;
    }

    @Override
    public ControlView view() {
      return ControlView.EMPTY.with(
          new Canvas("a", 1, "events.a", SimEvent.TOPICS.workersGroup(), false));
    }
  }
}
