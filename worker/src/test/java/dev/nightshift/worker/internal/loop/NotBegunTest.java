package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.Scope;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An event's handler was started, and its queue was stopped before it began.
class NotBegunTest {
  private static final Canvas CANVAS =
      new Canvas("a", 1, StreamedLog.EVENTS.topic(), SimEvent.TOPICS.workersGroup(), false);

  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final List<AttemptSpec> started = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private Runnable duringWait = () -> {};
  private ControlView view = ControlView.EMPTY.with(CANVAS);
  private final Worker worker = new Worker();

  private final class Worker extends FakeWorker {
    Worker() {
      super(ScribeTest.settings(Duration.ofSeconds(1)), clock, log);
    }

    @Override
    void waits(Duration time) {
      clock.pass(time);
      duringWait.run();
    }

    @Override
    public Running start(AttemptSpec spec) {
      started.add(spec);
      return STUBBORN;
    }

    @Override
    public ControlView view() {
      return view;
    }

    @Override
    void reported(WorkerEvent event) {
      if (event instanceof WorkerEvent.Ended end) {
        ended.add(end.outcome());
      }
    }
  }

  @BeforeEach
  void start() {
    log.endAt(1);
    worker.until(() -> started.size() == 1);
    pause(Optional.empty());
  }

  private void pause(Optional<Instant> until) {
    view =
        view.with(
            new Flag(
                "f",
                FlagKind.PAUSE,
                Scope.queue("a", "work"),
                1,
                "ada",
                "",
                clock.instant(),
                until));
  }

  private void resume() {
    view = view.without(Flag.key("f"));
  }

  private void notBegun() {
    worker.mailbox.notBegun(started.getLast().key());
    worker.loop.tick();
  }

  private void isReleased() {
    worker.until(() -> !worker.loop.load().unwritten());
    Ledger ledger = SimPromises.ledger(log.committed(StreamedLog.EVENTS));
    assertEquals(0, ledger.base());
    assertEquals(0, ledger.claims());
  }

  private void isAtRest() {
    worker.until(() -> worker.loop.load().equals(Load.NONE));
    assertEquals(1, log.committed(StreamedLog.EVENTS).base());
  }

  @Test
  void it_waits_and_is_started_again_uncharged_when_it_may() {
    notBegun();
    isReleased();
    assertEquals(1, worker.loop.load().waiting());
    assertEquals(0, worker.loop.load().slots());
    assertEquals(1, started.size());

    resume();
    worker.until(() -> started.size() == 2);
    assertEquals(1, started.getLast().event().attempt());
    worker.mailbox.attemptEnded(
        new Finished(started.getLast().key(), Outcome.COMPLETED, List.of()));
    isAtRest();
    assertEquals(List.of("completed"), ended);
  }

  @Test
  void it_ends_as_its_canvas_deleted_meanwhile_does() {
    view = view.with(new Canvas("a", 1, CANVAS.topic(), SimEvent.TOPICS.workersGroup(), true));
    worker.loop.tick();
    notBegun();
    isAtRest();
    assertEquals(List.of("canvas_deleted"), ended);
    assertEquals(1, started.size());
  }

  @Test
  void it_is_left_to_others_by_a_worker_that_drains() {
    worker.mailbox.order(new Message.Drain(Duration.ofSeconds(20)));
    worker.loop.tick();
    notBegun();
    isReleased();
    assertEquals(Load.NONE, worker.loop.load());
    resume();
    worker.loop.tick();
    assertEquals(1, started.size());
  }

  @Test
  void nothing_is_left_of_it_when_its_partition_was_taken_away() {
    log.revoke();
    worker.loop.tick();
    isReleased();
    notBegun();
    worker.until(() -> worker.loop.load().waiting() == 1);
    assertEquals(0, worker.loop.load().strays());
    assertEquals(0, worker.loop.load().slots());
    resume();
    worker.until(() -> started.size() == 2);
    assertEquals(1, started.getLast().event().attempt());
  }

  @Test
  void it_goes_into_no_lane_while_its_partition_is_taken_away() {
    view = view.with(new Lane("a", 1, "work", "lane.a.1.work", 6));
    duringWait = () -> worker.mailbox.notBegun(started.getLast().key());
    log.revoke();
    worker.loop.tick();
    duringWait = () -> {};
    assertEquals(List.of(), log.inLanes());
    isReleased();
    worker.until(() -> log.inLanes().size() == 1);
    assertEquals(1, started.size());
  }

  /// The clock is set back over the end of a flag: for the loop it has ended, for the thread it
  /// counts.
  @Test
  void loop_and_thread_agree_on_a_flag_that_ends_by_itself() {
    notBegun();
    resume();
    worker.until(() -> started.size() == 2);
    Instant end = clock.instant().plusMillis(50);
    pause(Optional.of(end));
    worker.until(() -> clock.instant().isAfter(end));
    clock.setBack(Duration.ofMillis(40));
    notBegun();
    worker.until(() -> !clock.instant().isBefore(end.minusMillis(1)));
    assertEquals(2, started.size());
    worker.until(() -> started.size() == 3);
  }
}
