package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/// Workers that do what the rule wants, a while later, and a load: events flow like water. Five
/// seconds a sample. For one thread.
final class SimulatedFleet {
  static final int SAMPLE = 5;
  private static final int SLOTS = 100;

  /// Workers need so many seconds to start, and partitions to move.
  private static final int START = 10;

  private final ScaleRule rule;
  private final ScaleBounds bounds;
  private final double perWorker;
  private final int partitions;
  private final Random random;
  private final Deque<Integer> asked = new ArrayDeque<>();
  private final Deque<Double> ends = new ArrayDeque<>();
  private final List<Integer> wanted = new ArrayList<>();
  private ScaleState state;
  private int seconds;
  private int workers;
  private double arrived;
  private double done;

  /// @param perWorker what a worker drains a second
  SimulatedFleet(
      Duration coolDown, ScaleBounds bounds, double perWorker, int partitions, Random random) {
    this.rule = new ScaleRule(coolDown);
    this.bounds = bounds;
    this.perWorker = perWorker;
    this.partitions = partitions;
    this.random = random;
    this.workers = Math.max(1, bounds.min());
    this.state = ScaleState.first(workers, OptionalDouble.empty(), 0);
  }

  /// Lets time pass.
  ///
  /// @param rate events a second that arrive, by the second from the beginning
  void run(int forSeconds, IntToDoubleFunction rate) {
    for (int end = seconds + forSeconds; seconds < end; ) {
      sample(rate);
    }
  }

  private void sample(IntToDoubleFunction rate) {
    double arrivedBefore = arrived;
    double doneBefore = done;
    int workersBefore = workers;
    for (int i = 0; i < SAMPLE; i++, seconds++) {
      asked.addLast(state.wanted());
      workers = asked.size() > START ? Math.max(workers > 0 ? 1 : 0, asked.removeFirst()) : workers;
      arrived += rate.applyAsDouble(seconds) * (0.95 + 0.1 * random.nextDouble());
      double able = Math.min(workers, partitions) * perWorker * (0.9 + 0.2 * random.nextDouble());
      done = Math.min(arrived, done + able);
    }
    double waiting = arrived - done;
    long oldest = ends.stream().filter(end -> end > done).count() * SAMPLE;
    ends.addLast(arrived);
    if (ends.size() > 200) {
      ends.removeFirst();
    }
    double drained = (done - doneBefore) / SAMPLE;
    int running = (int) Math.min(workers * SLOTS, Math.ceil(drained / perWorker * SLOTS));
    Load load =
        new Load(
            seconds * 1_000_000_000L,
            Duration.ofSeconds(SAMPLE),
            (long) waiting,
            Duration.ofSeconds(waiting < 1 ? 0 : oldest),
            (arrived - arrivedBefore) / SAMPLE,
            drained,
            waiting >= 1 || drained > 0 ? partitions : 0,
            false,
            List.of(),
            new Crew(workers, workers * SLOTS, running, workers == workersBefore));
    state = rule.decide(state, load, bounds).state();
    wanted.add(state.wanted());
  }

  long waiting() {
    return (long) (arrived - done);
  }

  int wanted() {
    return state.wanted();
  }

  /// What was wanted in each sample of the last so many seconds.
  List<Integer> wanted(int lastSeconds) {
    return List.copyOf(
        wanted.subList(Math.max(0, wanted.size() - lastSeconds / SAMPLE), wanted.size()));
  }

  List<Integer> history() {
    return List.copyOf(wanted);
  }
}
