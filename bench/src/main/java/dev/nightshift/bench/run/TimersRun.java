package dev.nightshift.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Quantiles;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.CommittedRecords;
import dev.nightshift.bench.stage.JavaProcess;
import dev.nightshift.bench.stage.LaterEvents;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// How late events are emitted that were to be emitted later, while very many wait, and when a
/// scheduler is killed.
final class TimersRun implements BenchRun {
  private static final int WAITING = 1_000_000;
  private static final int PER_SECOND = 1_000;

  /// Until the code of the schedulers is compiled.
  private static final Duration WARM = Duration.ofSeconds(20);

  private static final Duration STEADY = Duration.ofSeconds(30);
  private static final Duration AFTER_KILL = Duration.ofSeconds(20);
  private static final int WARM_EVENTS = PER_SECOND * (int) WARM.toSeconds();
  private static final int UNTIL_KILL = WARM_EVENTS + PER_SECOND * (int) STEADY.toSeconds();
  private static final int EVENTS = UNTIL_KILL + PER_SECOND * (int) AFTER_KILL.toSeconds();

  /// Then schedulers read what is due from the log again, as they do of all that waits for long.
  private static final Duration BEFORE = Duration.ofSeconds(80);

  private static final Duration LAST_MAX = Duration.ofSeconds(60);

  private static final String P50 = "due → read, p50";
  private static final String P99 = "due → read, p99";
  private static final String GAP = "SIGKILL: latest of all";
  private static final String CPU = "processors, both schedulers";

  @Override
  public String name() {
    return "timers";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    try (Stage stage = new Stage(setting)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        measure(stage, setting, measured, round);
      }
    }
    return new Report(
        name(),
        "Events that are emitted later, 1,000 each second, while others wait for hours to a year; from when they are due to when a reader of committed records"
            + " has them. Two schedulers; after 20 s that are not measured and 30 s that are one is killed (SIGKILL), and 20 s more are measured.",
        measured.series(),
        List.of(Goal.atMost(P99, 100), Goal.atMost(GAP, 10)),
        List.of());
  }

  private void measure(Stage stage, Setting setting, Measured measured, int round) {
    int waiting = setting.events(WAITING);
    Load load = stage.prepare(Load.Kind.work(0, 0, Duration.ZERO));
    Instant begin = write(stage, load.plan(), waiting);
    try (JavaProcess victim = stage.scheduler(load.plan(), "v" + round);
        JavaProcess survivor = stage.scheduler(load.plan(), "s" + round);
        Reader reader = new Reader(stage.bootstrapServers(), load, begin)) {
      new Members(stage.admin(), load.plan().schedulersGroup()).await(2);
      Instant kill = begin.plus(WARM).plus(STEADY);
      reader.until(begin.plus(WARM));
      Duration before = victim.cpu().plus(survivor.cpu());
      reader.until(kill);
      Duration used = victim.cpu().plus(survivor.cpu()).minus(before);
      victim.kill();
      reader.until(kill.plus(AFTER_KILL));
      reader.all(kill.plus(AFTER_KILL).plus(LAST_MAX));
      survivor.terminate();
      survivor.awaitEnd();
      add(measured, setting, round, waiting, reader, used);
    } finally {
      stage.remove(load);
    }
  }

  private void add(
      Measured measured, Setting setting, int round, int waiting, Reader reader, Duration used) {
    double[] steady = reader.late(WARM_EVENTS, UNTIL_KILL);
    double p50 = Quantiles.of(steady, 0.5);
    double p99 = Quantiles.of(steady, 0.99);
    double gap = Quantiles.of(reader.late(UNTIL_KILL, EVENTS), 1) / 1e3;
    double cpu = 100.0 * used.toMillis() / STEADY.toMillis();
    String amount = String.format(Locale.ROOT, "%,d wait, %,d/s", waiting, PER_SECOND);
    measured.add(P50, "ms", amount, p50, reader.faults(), "");
    measured.add(P99, "ms", amount, p99, reader.faults(), "");
    measured.add(GAP, "s", amount, gap, reader.faults(), "");
    measured.add(CPU, "% of a core", amount, cpu);
    setting
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s round %d: p50 %.1f ms, p99 %.1f ms, latest after SIGKILL %.1f s, processors %.0f %%, %s",
                name(),
                round,
                p50,
                p99,
                gap,
                cpu,
                reader.faults()));
  }

  /// Writes all, in no order.
  ///
  /// @return when the first that is measured is due
  private static Instant write(Stage stage, TopicPlan plan, int waiting) {
    Random random = new Random(1);
    List<Integer> measured = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      measured.add(i);
    }
    Collections.shuffle(measured, random);
    Instant begin = Instant.now().plus(BEFORE).plusSeconds(waiting / 100_000);
    int every = Math.max(1, waiting / EVENTS);
    try (LaterEvents later = new LaterEvents(stage.bootstrapServers(), plan)) {
      int next = 0;
      for (int i = 0; i < waiting; i++) {
        later.write("w" + i, begin.plusSeconds(3_600 + random.nextInt(360 * 86_400)));
        if (i % every == 0 && next < EVENTS) {
          write(later, measured.get(next++), begin);
        }
      }
      while (next < EVENTS) {
        write(later, measured.get(next++), begin);
      }
    }
    return begin;
  }

  private static void write(LaterEvents later, int number, Instant begin) {
    later.write("m" + number, due(begin, number));
  }

  private static Instant due(Instant begin, int number) {
    return begin.plusMillis(1_000L * number / PER_SECOND);
  }

  /// Reads what is emitted, and notes when.
  private static final class Reader implements AutoCloseable {
    private final CommittedRecords emissions;
    private final Instant begin;
    private final double[] lateMillis = new double[EVENTS];
    private final int[] times = new int[EVENTS];
    private int read;

    Reader(String bootstrapServers, Load load, Instant begin) {
      this.begin = begin;
      this.emissions = new CommittedRecords(bootstrapServers, load.topic());
    }

    void until(Instant end) {
      while (Instant.now().isBefore(end)) {
        poll();
      }
    }

    void all(Instant atMost) {
      while (read < EVENTS && Instant.now().isBefore(atMost)) {
        poll();
      }
    }

    private void poll() {
      emissions.poll((record, at) -> {
        String id = new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
        int number = Integer.parseInt(id.substring(1));
        double late = Duration.between(due(begin, number), at).toNanos() / 1e6;
        if (late < 0) {
          throw new IllegalStateException("event " + number + " came " + -late + " ms early");
        }
        if (times[number]++ == 0) {
          lateMillis[number] = late;
          read++;
        }
      });
    }

    /// Of those that were read, sorted.
    double[] late(int from, int to) {
      double[] late = new double[to - from];
      int count = 0;
      for (int i = from; i < to; i++) {
        if (times[i] > 0) {
          late[count++] = lateMillis[i];
        }
      }
      double[] sorted = Arrays.copyOf(late, count);
      Arrays.sort(sorted);
      return sorted;
    }

    Faults faults() {
      long lost = Arrays.stream(times).filter(count -> count == 0).count();
      long doubled = Arrays.stream(times).map(count -> Math.max(0, count - 1)).sum();
      return new Faults(lost, doubled, 0);
    }

    @Override
    public void close() {
      emissions.close();
    }
  }
}
