package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RunQueueTest {
  private static final long NOW = 1_000_000_000L;
  private static final long BYTES = 1 << 30;
  private static final BooleanSupplier SETTLED = () -> false;
  private static final long STEP = 100_000_000L;

  private final Slots slots = new Slots(100, BYTES);
  private final RunQueue queue = new RunQueue(slots, 5);

  @Test
  void canvasesAndTheirQueuesTakeTurns() {
    add("a", "x", 0, 3);
    add("a", "y", 10, 2);
    add("b", "z", 20, 2);
    assertEquals(List.of(0L, 20L, 10L, 21L, 1L, 11L, 2L), takeAll());
  }

  @Test
  void whileOthersWaitNoCanvasGetsMoreThanHalfOfTheSlots() {
    add("a", "x", 0, 500);
    add("b", "x", 1_000, 500);
    add("c", "x", 2_000, 10);
    takeAll();
    assertTrue(slots.free() <= 3, "but for what is kept for newcomers, all are used");
    assertTrue(running("a") <= 50 && running("b") <= 50);
    assertEquals(10, running("c"));
  }

  @Test
  void otherSlotsCountAtOnceAndWhatRunsBeyondThemRunsOn() {
    add("a", "x", 0, 500);
    int before = takeAll().size();
    slots.total(10);
    assertEquals(before, slots.used());
    assertEquals(0, slots.free());
    assertEquals(List.of(), takeAll());
    slots.total(before + 50);
    assertTrue(takeAll().size() > 40);
  }

  @Test
  void aCanvasThatIsAloneLeavesAFreeSlotForANewcomer() {
    add("a", "x", 0, 500);
    assertEquals(94, takeAll().size(), "3 for other canvases, 3 for other queues");
    add("b", "x", 1_000, 500);
    takeAll();
    assertTrue(running("b") >= 1);
    add("c", "x", 2_000, 1);
    assertEquals(List.of(2_000L), takeAll());
  }

  @Test
  void aQueueThatIsAloneLeavesAFreeSlotForAnotherOfItsCanvas() {
    add("a", "x", 0, 500);
    takeAll();
    add("a", "y", 1_000, 1);
    assertEquals(List.of(1_000L), takeAll());
  }

  @Test
  void whileQueuesOfACanvasWaitForEachOtherNoneGetsMoreThanHalf() {
    add("a", "x", 0, 500);
    add("a", "y", 1_000, 500);
    List<Long> taken = takeAll();
    long x = taken.stream().filter(offset -> offset < 1_000).count();
    assertTrue(x <= 49 && taken.size() - x <= 49, () -> x + " of " + taken.size());
    assertTrue(taken.size() > 90, () -> "only " + taken.size());
  }

  @Test
  void whatRunsTakesNoMoreMemoryThanAllowedAndLeavesSomeForANewcomer() {
    RunQueue large = new RunQueue(new Slots(100, 10_000), 5);
    for (int i = 0; i < 100; i++) {
      large.add(Events.of("a", "x", i));
    }
    int bytes = Events.of("a", "x", 0).bytes();
    int most = 10_000 / bytes + 1;
    int taken = takeAll(large).size();
    assertTrue(taken > most / 2 && taken <= most, () -> taken + " of " + most);
    large.add(Events.of("b", "x", 200));
    assertEquals(List.of(200L), offsets(takeAll(large)));
  }

  @Test
  void aSingleSlotIsUsed() {
    RunQueue small = new RunQueue(new Slots(1, BYTES), 5);
    small.add(Events.of("a", "x", 1));
    assertTrue(small.take(NOW, SETTLED).isPresent());
    small.add(Events.of("b", "x", 2));
    assertTrue(small.take(NOW, SETTLED).isEmpty());
  }

  @Test
  void suspectsRunInShrinkingCompanyAndNeverTwoKindsTogether() {
    Slots many = new Slots(10_000, BYTES);
    RunQueue line = new RunQueue(many, 5);
    for (int i = 0; i < 1_500; i++) {
      line.add(Events.of("a", "x", i, 1));
    }
    for (int i = 0; i < 40; i++) {
      line.add(Events.of("a", "x", 2_000 + i, 2));
    }
    line.add(Events.of("a", "x", 3_000, 3));
    line.add(Events.of("a", "x", 3_001, 4));

    List<Waiting> first = takeAll(line);
    assertEquals(1_000, first.size());
    first.forEach(waiting -> end(line, waiting));
    List<Waiting> rest = takeAll(line);
    assertEquals(500, rest.size());
    rest.forEach(waiting -> end(line, waiting));
    List<Waiting> second = takeAll(line);
    assertEquals(32, second.size());
    second.forEach(waiting -> end(line, waiting));
    takeAll(line).forEach(waiting -> end(line, waiting));
    List<Waiting> alone = takeAll(line);
    assertEquals(List.of(3_000L), offsets(alone));
    alone.forEach(waiting -> end(line, waiting));
    assertEquals(List.of(3_001L), offsets(takeAll(line)));
  }

  @Test
  void aSuspectThatHangsHoldsUpTheOthersForAWhileOnly() {
    queue.add(Events.of("a", "x", 1, 3));
    queue.add(Events.of("a", "x", 2, 3));
    queue.add(Events.of("a", "x", 3, 1));
    long patience = Suspects.PATIENCE.toNanos();
    Waiting hangs = queue.take(NOW, SETTLED).orElseThrow();
    assertTrue(queue.take(NOW + patience - 1, SETTLED).isEmpty());
    Waiting next = queue.take(NOW + patience, SETTLED).orElseThrow();
    assertEquals(2, next.offset());
    end(queue, hangs);
    assertTrue(queue.take(NOW + patience, SETTLED).isEmpty(), "the second is company still");
    end(queue, next);
    assertEquals(3, queue.take(NOW + patience, SETTLED).orElseThrow().offset());
    assertEquals(1, slots.used());
  }

  @Test
  void besideOneThatRunsAloneNothingIsStartedNorRightBeforeIt() {
    long quiet = Suspects.QUIET.toNanos();
    add("b", "y", 10, 2);
    Waiting other = queue.take(NOW, SETTLED).orElseThrow();
    assertEquals(10, other.offset());
    queue.add(Events.of("a", "x", 1, 3));
    assertTrue(queue.take(NOW, () -> true).isEmpty(), "the other is about to start");
    queue.began(other, NOW);
    assertTrue(queue.take(NOW + quiet - 1, SETTLED).isEmpty(), "it may kill the process yet");
    assertTrue(queue.take(NOW + quiet, () -> true).isEmpty());
    Waiting alone = queue.take(NOW + quiet, SETTLED).orElseThrow();
    assertEquals(1, alone.offset());
    assertTrue(queue.take(NOW + quiet + 1, SETTLED).isEmpty());
    end(queue, alone);
    assertTrue(queue.take(NOW + quiet + 1, () -> true).isEmpty(), "its end is not on record");
    assertEquals(11, queue.take(NOW + quiet + 2, SETTLED).orElseThrow().offset());
  }

  @Test
  void oneThatIsToRunAloneHoldsUpOthersForAMinuteAtMostWhateverIsNotOnRecord() {
    long most = 2 * Suspects.PATIENCE.toNanos();
    add("b", "y", 10, 3);
    queue.add(Events.of("a", "x", 1, 3));
    assertTrue(queue.take(NOW, () -> true).isEmpty());
    assertTrue(queue.take(NOW + most, () -> true).isEmpty());
    assertEquals(10, queue.take(NOW + most + 1, () -> true).orElseThrow().offset());
    assertEquals(11, queue.take(NOW + 2 * most - 1, () -> true).orElseThrow().offset());
    assertTrue(queue.take(NOW + 2 * most + 2, () -> true).isEmpty(), "its turn again");
  }

  @Test
  void othersAreStartedForAsLongAsTheyWereHeldUpByThoseThatRunAlone() {
    long quiet = Suspects.QUIET.toNanos();
    for (int i = 0; i < 4; i++) {
      queue.add(Events.of("a", "x", i, 3));
    }
    add("b", "y", 10, 1_000);
    // One that runs alone takes three seconds, one of the others a tenth; one at once runs.
    long alone = 0;
    long others = 0;
    long now = NOW;
    while (alone < 4 * 3 * quiet / 2) {
      now += STEP;
      Optional<Waiting> next = queue.take(now, SETTLED);
      if (next.isPresent() && next.get().event().suspicion() > 0) {
        long until = now + 3 * quiet / 2;
        for (; now < until; now += STEP) {
          assertTrue(queue.take(now, SETTLED).isEmpty());
        }
        alone += 3 * quiet / 2;
        end(queue, next.get());
      } else if (next.isPresent()) {
        others += STEP;
        queue.began(next.get(), now);
        end(queue, next.get());
      }
    }
    long had = others;
    assertTrue(had >= 4 * 3 * quiet / 2, () -> "others have had " + had + " ns");
  }

  @Test
  void aQueueThatIsTriedRunsItsEventsAlone() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    ControlView view =
        ControlView.EMPTY
            .builder()
            .put(
                new Flag(
                    "breaker/a/1/x/7/4",
                    FlagKind.BLOCK,
                    Scope.queue("a", "x"),
                    1,
                    "nightshift",
                    "",
                    now,
                    Optional.of(now.plusSeconds(60))))
            .put(new Lane("a", 1, "x", "events.a", 1))
            .build();
    queue.add(Events.of("a", "x", 1));
    queue.add(Events.of("a", "x", 2));
    queue.stop(new Stops(view, now));
    assertTrue(queue.take(NOW, SETTLED).isEmpty());
    queue.stop(new Stops(view, now.plusSeconds(60)));
    Waiting first = queue.take(NOW, SETTLED).orElseThrow();
    add("b", "y", 10, 1);
    assertTrue(
        queue.take(NOW, SETTLED).isEmpty(), "neither another of it nor one of another queue");
    end(queue, first);
    Waiting second = queue.take(NOW, SETTLED).orElseThrow();
    assertEquals(2, second.offset());
    end(queue, second);
    assertEquals(10, queue.take(NOW, SETTLED).orElseThrow().offset());
    // It runs as ever once that block is lifted.
    queue.stop(Stops.NONE);
    add("a", "x", 3, 2);
    assertEquals(List.of(3L, 4L), takeAll());
  }

  @Test
  void whatIsRemovedIsNotTaken() {
    add("a", "x", 0, 4);
    add("b", "x", 10, 2);
    queue.add(Events.of("a", "x", 20, 1));
    assertEquals(4, queue.remove(waiting -> waiting.offset() % 2 == 0).size());
    assertEquals(3, queue.size());
    assertEquals(List.of(1L, 11L, 3L), takeAll());
    assertEquals(0, queue.size());
  }

  @Test
  void whatIsStoppedIsParkedUntilItMayStartAgain() {
    add("a", "x", 0, 2);
    add("a", "y", 10, 1);
    queue.add(Events.of("a", "x", 20, 1));
    queue.stop(stops(Scope.queue("a", "x")));
    assertEquals(List.of(10L), takeAll());
    assertEquals(0, queue.size());
    add("a", "x", 2, 1);
    add("b", "x", 30, 1);
    assertEquals(List.of(30L), takeAll());
    queue.stop(stops(Scope.all()));
    add("b", "x", 31, 1);
    assertEquals(List.of(), takeAll());
    queue.stop(stops(Scope.queue("a", "x")));
    assertEquals(List.of(31L), takeAll());
    assertEquals(1, queue.remove(waiting -> waiting.offset() == 1).size());
    queue.stop(Stops.NONE);
    assertEquals(List.of(20L, 0L, 2L), takeAll());
    assertEquals(0, queue.size());
  }

  private static void end(RunQueue queue, Waiting waiting) {
    queue.ended(waiting);
    queue.letGo(waiting);
  }

  private static Stops stops(Scope scope) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    int generation = scope.canvas().isEmpty() ? 0 : 1;
    return new Stops(
        ControlView.EMPTY
            .builder()
            .put(new Flag("1", FlagKind.PAUSE, scope, generation, "ada", "", now, Optional.empty()))
            .build(),
        now);
  }

  @TestFactory
  Stream<DynamicTest> nobodyStarvesAndNothingIsLost() {
    return LongStream.range(0, 50)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(new Random(seed))));
  }

  // A canvas with something waiting and nothing running gets a slot before any other gets a second
  // one more than half.
  private static void run(Random random) {
    long now = NOW;
    int total = 1 + random.nextInt(64);
    Slots slots = new Slots(total, BYTES);
    RunQueue queue = new RunQueue(slots, 5);
    List<Waiting> running = new ArrayList<>();
    Map<String, Integer> waiting = new HashMap<>();
    long added = 0;
    long taken = 0;
    for (int step = 0; step < 5_000; step++) {
      if (random.nextInt(3) == 0) {
        String canvas = "c" + random.nextInt(5);
        queue.add(
            Events.of(
                canvas,
                "q" + random.nextInt(3),
                added++,
                random.nextInt(40) == 0 ? 1 + random.nextInt(4) : 0));
        waiting.merge(canvas, 1, Integer::sum);
      } else if (random.nextBoolean() && !running.isEmpty()) {
        end(queue, running.remove(random.nextInt(running.size())));
      } else {
        now += STEP;
        Optional<Waiting> next = queue.take(now, SETTLED);
        if (next.isPresent()) {
          taken++;
          running.add(next.get());
          waiting.merge(next.get().canvas().name(), -1, Integer::sum);
        }
      }
      assertEquals(running.size(), slots.used());
      assertTrue(running.size() <= total);
      assertEquals(added - taken, queue.size());
    }
    for (int turn = 0; turn < 200_000 && queue.size() > 0; turn++) {
      now += STEP;
      queue.take(now, SETTLED).ifPresent(running::add);
      if (!running.isEmpty() && random.nextBoolean()) {
        end(queue, running.remove(random.nextInt(running.size())));
      }
    }
    assertEquals(0, queue.size(), "all are taken in the end");
  }

  private void add(String canvas, String name, long from, int count) {
    for (long offset = from; offset < from + count; offset++) {
      queue.add(Events.of(canvas, name, offset));
    }
  }

  private final Map<String, Integer> runningByCanvas = new HashMap<>();

  private int running(String canvas) {
    return runningByCanvas.getOrDefault(canvas, 0);
  }

  private List<Long> takeAll() {
    List<Waiting> taken = takeAll(queue);
    taken.forEach(each -> runningByCanvas.merge(each.canvas().name(), 1, Integer::sum));
    return offsets(taken);
  }

  private static List<Waiting> takeAll(RunQueue queue) {
    List<Waiting> taken = new ArrayList<>();
    for (Optional<Waiting> next = queue.take(NOW, SETTLED);
        next.isPresent();
        next = queue.take(NOW, SETTLED)) {
      taken.add(next.get());
    }
    return taken;
  }

  private static List<Long> offsets(List<Waiting> taken) {
    return taken.stream().map(Waiting::offset).toList();
  }
}
