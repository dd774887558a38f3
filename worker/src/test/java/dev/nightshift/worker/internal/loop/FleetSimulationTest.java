package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Simulated fleets, a seed each. A failure names the command that replays it, and one seed alone
/// is told in full.
class FleetSimulationTest {
  private static final boolean CHOSEN = System.getProperty("nightshift.sim.seed") != null;
  private static final long FIRST_SEED = Long.getLong("nightshift.sim.seed", 1);
  private static final boolean TOLD = CHOSEN && Integer.getInteger("nightshift.sim.runs", 1) == 1;
  private static final int RUNS = Integer.getInteger("nightshift.sim.runs", CHOSEN ? 1 : 60);

  private static final AtomicLong NOT_BEGUN = new AtomicLong();

  /// Seeds that always run. Each found a bug when it was kept: an own record refused for good left
  /// no trace (1); an event of an unknown canvas ran for another on the same topic (2); claims of a
  /// write that was found to have happened were never started (2); a drain outlasted its grace (3);
  /// claims of a partition that was going away were started (15); a partition with a full ledger
  /// was not read by its next owner (115). The others were the first to notice a planted fault
  /// (docs/testing.md). They were not looked for again since transactions take steps.
  private static final long[] KEPT = {1, 2, 3, 15, 115, 9, 17, 25, 32, 55, 145};

  /// Some handlers were started and did not begin, as their queue was stopped first.
  @AfterAll
  static void allWasTried() {
    assertTrue(CHOSEN || NOT_BEGUN.get() > 0, "no started handler ever found its queue stopped");
  }

  @TestFactory
  Stream<DynamicTest> thePromisesHold() {
    LongStream kept = CHOSEN ? LongStream.empty() : LongStream.of(KEPT);
    return LongStream.concat(kept, LongStream.range(FIRST_SEED, FIRST_SEED + RUNS))
        .distinct()
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed, () -> run(seed, new FleetSimulation(seed, TOLD))));
  }

  @TestFactory
  Stream<DynamicTest> aPoisonedQueueIsBlockedAndTriedAndNoOtherSuffers() {
    return LongStream.range(FIRST_SEED, FIRST_SEED + Math.max(1, RUNS / 6))
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed, () -> run(seed, FleetSimulation.poisoned(seed, TOLD))));
  }

  private static void run(long seed, FleetSimulation simulation) {
    try {
      System.out.println("seed " + seed + ": " + simulation.run());
      NOT_BEGUN.addAndGet(simulation.notBegun());
    } catch (Throwable broken) {
      throw new AssertionError(broken + "\nreplay it with: ./dev sim --seed " + seed, broken);
    }
  }
}
