package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.FlagChange;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagsAreWhatTheLastCommandsSayTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int NINE = 9;

  /// One command.
  private enum Step {
    PAUSE(FlagKind.PAUSE, true, "queue pause"),
    BLOCK(FlagKind.BLOCK, true, "queue block"),
    RESUME(FlagKind.PAUSE, false, "queue resume"),
    UNBLOCK(FlagKind.BLOCK, false, "queue unblock");

    final FlagKind kind;
    final boolean sets;
    final String audited;

    Step(FlagKind kind, boolean sets, String audited) {
      this.kind = kind;
      this.sets = sets;
      this.audited = audited;
    }

    FlagChange order(Fleet fleet, Scope scope) {
      return sets
          ? fleet.raise(kind, scope, Operator.CAUSE, Optional.empty())
          : fleet.lift(kind, scope, Operator.CAUSE);
    }
  }

  private static final List<List<Step>> ORDERS =
      List.of(
          List.of(Step.PAUSE, Step.RESUME),
          List.of(Step.BLOCK, Step.UNBLOCK),
          List.of(Step.PAUSE, Step.BLOCK, Step.RESUME, Step.UNBLOCK),
          List.of(Step.PAUSE, Step.BLOCK, Step.UNBLOCK, Step.RESUME),
          List.of(Step.BLOCK, Step.PAUSE, Step.RESUME, Step.UNBLOCK),
          List.of(Step.BLOCK, Step.PAUSE, Step.UNBLOCK, Step.RESUME));

  private static final List<List<Step>> OF_BOTH = ORDERS.subList(2, 4);

  /// From when on all workers acted by a flag until the last one was about to be lifted.
  private record Stopped(Instant from, Instant to) {
    boolean contains(Instant at) {
      return at.isAfter(from) && at.isBefore(to);
    }
  }

  /// While events are emitted all the time a queue is paused, blocked and both in every order. In
  /// the first round each command is given twice, and the second time changes nothing.
  @Test
  void inEveryOrderNineTimesInARow(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      fleet.startWorker();
      fleet.startWorker();
      List<String> audited = new ArrayList<>();
      List<Stopped> stopped = new ArrayList<>();
      try (Operator operator = new Operator(fleet)) {
        EmitLoop emits = new EmitLoop(fleet, "return");
        try (emits) {
          for (int round = 0; round < NINE; round++) {
            for (List<Step> order : ORDERS) {
              order.forEach(step -> audited.add(step.audited));
              stopped.add(obey(fleet, operator, order, round == 0));
            }
          }
          operator.stop(FlagKind.PAUSE, QUEUE);
          audited.add(Step.PAUSE.audited);
        }
        restsExactly(fleet, operator, emits.acknowledged().size());
        operator.lift(FlagKind.PAUSE, QUEUE);
        audited.add(Step.RESUME.audited);
        int all = emits.acknowledged().size();
        fleet.await("all run", SOON, () -> fleet.traceCount() == all);
        assertEquals(audited, operator.done(QUEUE));
        fleet.await(
            "nothing is left",
            SOON,
            () -> operator.depth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE).total() == 0);
        assertEquals(all, fleet.outcomes().size());
        assertEquals(all, fleet.traces().size());
      }
      List<Instant> starts = fleet.notes().stream().filter(Note::isStart).map(Note::at).toList();
      for (Stopped each : stopped) {
        assertEquals(0, starts.stream().filter(each::contains).count(), "started within " + each);
      }
    }
  }

  // Until its last step something is set, so nothing starts; after it what waits does.
  private static Stopped obey(
      ScenarioFleet fleet, Operator operator, List<Step> order, boolean twice) {
    Instant from = Instant.MAX;
    for (Step step : order.subList(0, order.size() - 1)) {
      changes(operator, step, twice);
      if (from == Instant.MAX) {
        operator.awaitActedBy();
        from = Instant.now();
      }
    }
    int ended = fleet.traceCount();
    Instant to = Instant.now();
    changes(operator, order.getLast(), twice);
    fleet.await("what waited runs", SOON, () -> fleet.traceCount() > ended);
    return new Stopped(from, to);
  }

  private static void changes(Operator operator, Step step, boolean twice) {
    FlagChange first = step.order(operator.fleet(), QUEUE);
    assertTrue(first.changed(), step + " changes something");
    assertEquals(step.sets ? 1 : 0, first.after().size());
    if (twice) {
      FlagChange again = step.order(operator.fleet(), QUEUE);
      assertEquals(new FlagChange(false, first.after(), first.after()), again);
    }
  }

  // What was emitted and has not ended waits in the lane, all of it.
  private static void restsExactly(ScenarioFleet fleet, Operator operator, int emitted) {
    operator.awaitDepth(
        ScenarioFleet.CANVAS,
        ScenarioFleet.QUEUE,
        () -> new QueueDepth(0, emitted - fleet.traceCount(), 0, 0, Optional.empty()));
  }

  /// Nine give the same command at once, to the same queue and each to one of its own, through one
  /// connection as a console does: one of them does it, for the others it is done.
  @Test
  void fromNineThreadsAtOnce(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        ExecutorService threads = Executors.newFixedThreadPool(NINE)) {
      fleet.createCanvas(2);
      fleet.startWorker();
      try (Operator operator = new Operator(fleet)) {
        List<Fleet> same = IntStream.range(0, NINE).mapToObj(i -> operator.fleet()).toList();
        List<String> expected = new ArrayList<>();
        for (List<Step> order : OF_BOTH) {
          for (Step step : order) {
            assertEquals(1, changed(together(threads, same, step)), step + " is done once");
            expected.add(step.audited);
            if (step == order.get(order.size() - 2)) {
              startsNothing(fleet, operator, "e" + expected.size());
            }
          }
          fleet.emit("after" + expected.size(), "return");
          ends(fleet, "after" + expected.size());
        }
        assertEquals(expected, operator.done(QUEUE));
        for (int i = 0; i < NINE; i++) {
          assertEquals(expected, operator.done(own(i)), "each of its own");
        }
      }
    }
  }

  /// Nine processes that do not know of each other: what is set at last is what the last commands
  /// say, and the audit has an entry for each that says that it changed something.
  @Test
  void fromNineProcessesAtOnce(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        ExecutorService threads = Executors.newFixedThreadPool(NINE)) {
      fleet.createCanvas(2);
      List<Fleet> fleets =
          IntStream.range(0, NINE).mapToObj(i -> Operator.fleet(fleet.bootstrapServers())).toList();
      try (Operator operator = new Operator(fleet)) {
        int changed = 0;
        for (List<Step> order : OF_BOTH) {
          for (Step step : order) {
            int now = changed(together(threads, fleets, step));
            assertTrue(now > 0, step + " changes something");
            changed += now;
            assertEquals(0, changed(together(threads, fleets, step)), step + " is done");
            assertEquals(step.sets, isSet(operator, step.kind));
          }
        }
        assertEquals(changed, operator.done(QUEUE).size());
      } finally {
        fleets.forEach(Fleet::close);
      }
    }
  }

  private static boolean isSet(Operator operator, FlagKind kind) {
    return !operator.fleet().view().flags().exactly(kind, QUEUE, 1, Instant.now()).isEmpty();
  }

  private static Scope own(int thread) {
    return Scope.queue(ScenarioFleet.CANVAS, "own" + thread);
  }

  // Each thread first orders it for the queue that all share, then for its own.
  private static List<FlagChange> together(ExecutorService threads, List<Fleet> fleets, Step step)
      throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(NINE);
    List<Callable<FlagChange>> orders = new ArrayList<>();
    for (int i = 0; i < NINE; i++) {
      Fleet fleet = fleets.get(i);
      Scope own = own(i);
      orders.add(() -> {
        barrier.await();
        FlagChange change = step.order(fleet, QUEUE);
        step.order(fleet, own);
        return change;
      });
    }
    List<FlagChange> changes = new ArrayList<>();
    for (Future<FlagChange> each : threads.invokeAll(orders)) {
      changes.add(each.get());
    }
    return changes;
  }

  private static int changed(List<FlagChange> changes) {
    return (int) changes.stream().filter(FlagChange::changed).count();
  }

  private static void startsNothing(ScenarioFleet fleet, Operator operator, String id) {
    operator.awaitActedBy();
    fleet.emit(id, "return");
    fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "witness-" + id, "return");
    ends(fleet, "witness-" + id);
    assertEquals(List.of(), fleet.starts(id));
  }

  private static void ends(ScenarioFleet fleet, String id) {
    fleet.await(id + " has ended", SOON, () -> fleet.ends(id).size() == 1);
  }
}
