package dev.nightshift.scheduler.internal.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.QueueName;
import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Any loads; a test's name is its seed.
class ScaleRulePropertyTest {
  private static final Duration COOL_DOWN = Duration.ofSeconds(60);
  private static final ScaleBounds BOUNDS = new ScaleBounds(1, 20, Duration.ofSeconds(60));

  private static Stream<DynamicTest> seeds(int count, Consumer<Random> test) {
    return LongStream.range(0, count)
        .mapToObj(
            seed -> DynamicTest.dynamicTest("seed " + seed, () -> test.accept(new Random(seed))));
  }

  @TestFactory
  Stream<DynamicTest> what_is_wanted_is_within_the_bounds_and_no_more_than_partitions_feed() {
    return seeds(
        300,
        random -> {
          ScaleRule rule = new ScaleRule(COOL_DOWN);
          int min = random.nextInt(4);
          ScaleBounds bounds =
              new ScaleBounds(min, Math.max(1, min + random.nextInt(20)), Duration.ofSeconds(60));
          ScaleState state = ScaleState.first(random.nextInt(30), OptionalDouble.empty(), 0);
          for (int i = 1; i < 200; i++) {
            Load load = load(random, i * 5_000_000_000L);
            ScaleRule.Verdict verdict = rule.decide(state, load, bounds);
            int wanted = verdict.state().wanted();
            assertTrue(wanted >= bounds.min() && wanted <= bounds.max(), verdict.reason());
            assertTrue(
                wanted <= Math.max(state.wanted(), Math.max(1, load.partitions()))
                    || wanted == bounds.min(),
                verdict.reason());
            state = verdict.state();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> the_more_waits_the_more_is_wanted() {
    return seeds(
        300,
        random -> {
          ScaleRule rule = new ScaleRule(COOL_DOWN);
          ScaleState state = ScaleState.first(1 + random.nextInt(10), OptionalDouble.of(50), 0);
          for (int i = 1; i < 100; i++) {
            Load less = load(random, i * 5_000_000_000L);
            Load more = waiting(less, less.waiting() + 1 + random.nextInt(100_000));
            if (less.waiting() > 0) {
              assertTrue(
                  rule.decide(state, less, BOUNDS).state().wanted()
                      <= rule.decide(state, more, BOUNDS).state().wanted(),
                  () -> less + "\n" + more);
            }
            state = rule.decide(state, less, BOUNDS).state();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> a_steady_load_is_done_in_time_by_a_number_that_stays() {
    return seeds(
        200,
        random -> {
          double perWorker = 5 + random.nextInt(500);
          double rate = perWorker * (0.1 + 12 * random.nextDouble());
          SimulatedFleet fleet = new SimulatedFleet(COOL_DOWN, BOUNDS, perWorker, 20, random);
          fleet.run(900, second -> rate);
          List<Integer> late = fleet.wanted(600);
          assertTrue(new HashSet<>(late).size() <= 2, () -> "flaps: " + fleet.history());
          assertEquals(
              1, new HashSet<>(fleet.wanted(300)).size(), () -> "still flaps: " + fleet.history());
          assertTrue(
              fleet.wanted() >= rate / perWorker * 0.95
                  && fleet.wanted() <= rate / perWorker * 1.6 + 2,
              () -> rate / perWorker + " are needed: " + fleet.history());
          assertTrue(
              fleet.waiting() <= rate * 60, () -> fleet.waiting() + " wait: " + fleet.history());
        });
  }

  @TestFactory
  Stream<DynamicTest> a_burst_raises_it_and_it_returns_to_the_minimum() {
    return seeds(
        200,
        random -> {
          double perWorker = 50 + random.nextInt(500);
          double burst = perWorker * 60 * (2 + random.nextInt(8));
          SimulatedFleet fleet = new SimulatedFleet(COOL_DOWN, BOUNDS, perWorker, 20, random);
          fleet.run(30, second -> 1);
          assertEquals(1, fleet.wanted());
          fleet.run(240, second -> second < 32 ? burst / 2 : 1);
          int most = fleet.history().stream().mapToInt(Integer::intValue).max().orElse(0);
          assertTrue(
              most >= 2 && most <= 3 * burst / perWorker / 60 + 2, () -> "" + fleet.history());
          assertTrue(fleet.waiting() < 100, () -> fleet.waiting() + " wait: " + fleet.history());
          fleet.run(120, second -> 1);
          assertEquals(1, fleet.wanted(), () -> "" + fleet.history());
        });
  }

  private static Load load(Random random, long nanos) {
    int workers = random.nextInt(12);
    int slots = workers * (1 + random.nextInt(200));
    return new Load(
        nanos,
        Duration.ofSeconds(5),
        random.nextBoolean() ? 0 : random.nextInt(100_000),
        Duration.ofSeconds(5L * random.nextInt(20)),
        random.nextBoolean() ? 0 : random.nextDouble() * 1_000,
        random.nextBoolean() ? 0 : random.nextDouble() * 1_000,
        random.nextInt(24),
        random.nextInt(10) == 0,
        random.nextBoolean()
            ? List.of()
            : List.of(new LimitedQueue(new QueueName("shop", "mail"), random.nextInt(9), 4, "4/s")),
        new Crew(workers, slots, slots == 0 ? 0 : random.nextInt(slots), random.nextBoolean()));
  }

  private static Load waiting(Load load, long waiting) {
    return new Load(
        load.nanos(),
        load.elapsed(),
        waiting,
        load.oldest(),
        load.arrivals(),
        load.drained(),
        load.partitions(),
        load.later(),
        load.limited(),
        load.crew());
  }
}
