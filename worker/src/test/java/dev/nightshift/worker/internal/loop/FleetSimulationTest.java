package dev.nightshift.worker.internal.loop;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Simulated fleets, a seed each. A failure names the command that replays it.
class FleetSimulationTest {
  private static final long FIRST_SEED = Long.getLong("nightshift.sim.seed", 1);
  private static final boolean REPLAY = System.getProperty("nightshift.sim.seed") != null;
  private static final int RUNS = Integer.getInteger("nightshift.sim.runs", REPLAY ? 1 : 100);

  @TestFactory
  Stream<DynamicTest> thePromisesHold() {
    return LongStream.range(FIRST_SEED, FIRST_SEED + RUNS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)));
  }

  private static void run(long seed) {
    try {
      System.out.println("seed " + seed + ": " + new FleetSimulation(seed, RUNS == 1).run());
    } catch (Throwable broken) {
      throw new AssertionError(broken + "\nreplay it with: ./dev sim --seed " + seed, broken);
    }
  }
}
