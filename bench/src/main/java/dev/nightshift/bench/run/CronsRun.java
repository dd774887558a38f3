package dev.nightshift.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Quantiles;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.CommittedRecords;
import dev.nightshift.bench.stage.JavaProcess;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.common.Cause;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// How late ticks are emitted when all of very many crons are due at the same second.
final class CronsRun implements BenchRun {
  private static final int CRONS = 10_000;
  private static final int SET_AT_ONCE = 16;
  private static final int MINUTES = 3;
  private static final Duration SET_BEFORE = Duration.ofSeconds(10);
  private static final Duration LAST_MAX = Duration.ofSeconds(50);

  private static final String P50 = "tick → read, p50";
  private static final String P99 = "tick → read, p99";
  private static final String LATEST = "tick → read, the last one";
  private static final String CPU = "processors, both schedulers";

  @Override
  public String name() {
    return "crons";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int crons = setting.events(CRONS);
    for (int round = 1; round <= setting.rounds(); round++) {
      try (Stage stage = new Stage(setting)) {
        measure(stage, setting, measured, crons);
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "%,d crons that are all due at the beginning of each minute, two schedulers; from that second to when a reader of committed records has the"
                + " event. The first minute is not measured, %d more are.",
            crons,
            MINUTES),
        measured.series(),
        List.of(Goal.atMost(P99, 1_000)),
        List.of());
  }

  private void measure(Stage stage, Setting setting, Measured measured, int crons) {
    Load load = stage.prepare(Load.Kind.work(0, 0, Duration.ZERO));
    set(stage, load, crons);
    try (JavaProcess one = stage.scheduler(load.plan(), "s1");
        JavaProcess other = stage.scheduler(load.plan(), "s2");
        CommittedRecords emissions = new CommittedRecords(stage.bootstrapServers(), load.topic())) {
      new Members(stage.admin(), load.plan().schedulersGroup()).await(2);
      Instant warm = Instant.now().plus(SET_BEFORE).truncatedTo(ChronoUnit.MINUTES);
      Instant first = warm.plus(2, ChronoUnit.MINUTES);
      Ticks ticks = new Ticks(first, crons);
      while (Instant.now().isBefore(first)) {
        emissions.poll(ticks::read);
      }
      Duration before = one.cpu().plus(other.cpu());
      Instant last = first.plus(MINUTES - 1, ChronoUnit.MINUTES);
      while (!ticks.complete() && Instant.now().isBefore(last.plus(LAST_MAX))) {
        emissions.poll(ticks::read);
      }
      Duration used = one.cpu().plus(other.cpu()).minus(before);
      double[] late = ticks.late();
      Duration passed = Duration.between(first, Instant.now());
      String amount = String.format(Locale.ROOT, "%,d crons", crons);
      measured.add(P50, "ms", amount, Quantiles.of(late, 0.5), ticks.faults(), "");
      measured.add(P99, "ms", amount, Quantiles.of(late, 0.99), ticks.faults(), "");
      measured.add(LATEST, "ms", amount, Quantiles.of(late, 1), ticks.faults(), "");
      measured.add(CPU, "% of a core", amount, 100.0 * used.toMillis() / passed.toMillis());
      setting
          .progress()
          .accept(
              String.format(
                  Locale.ROOT,
                  "%s: p50 %.0f ms, p99 %.0f ms, last %.0f ms, %s",
                  name(),
                  Quantiles.of(late, 0.5),
                  Quantiles.of(late, 0.99),
                  Quantiles.of(late, 1),
                  ticks.faults()));
    }
  }

  private static void set(Stage stage, Load load, int crons) {
    CronSettings settings =
        new CronSettings(
            Load.WORK,
            CronSchedule.parse("* * * * *", CronSchedule.UTC),
            CronPayload.NONE,
            Missed.ONCE,
            Overlap.ALLOW);
    Map<String, Object> client = Map.of("bootstrap.servers", stage.bootstrapServers());
    Cause cause = new Cause("bench", "a round");
    try (Fleet fleet = stage.fleet(load.plan());
        Crons setter = Crons.of(client, load.plan(), Duration.ofMinutes(1), fleet);
        ExecutorService threads = Executors.newFixedThreadPool(SET_AT_ONCE)) {
      for (int i = 0; i < crons; i++) {
        CronName name = new CronName(Load.CANVAS, "c" + i);
        threads.execute(() -> setter.set(name, settings, cause));
      }
    }
  }

  /// What was read of the minutes that count.
  private static final class Ticks {
    private final Instant first;
    private final int crons;
    private final Map<String, Double> lateMillis = new HashMap<>();
    private long doubled;

    Ticks(Instant first, int crons) {
      this.first = first;
      this.crons = crons;
    }

    void read(ConsumerRecord<byte[], byte[]> record, Instant at) {
      Instant tick =
          Instant.parse(
              new String(record.headers().lastHeader(EventHeaders.SCHEDULED).value(), UTF_8));
      if (tick.isBefore(first) || !tick.isBefore(first.plus(MINUTES, ChronoUnit.MINUTES))) {
        return;
      }
      String id = new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
      double late = Duration.between(tick, at).toNanos() / 1e6;
      if (lateMillis.putIfAbsent(id, late) != null) {
        doubled++;
      }
    }

    boolean complete() {
      return lateMillis.size() == crons * MINUTES;
    }

    double[] late() {
      return lateMillis.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    Faults faults() {
      return new Faults((long) crons * MINUTES - lateMillis.size(), doubled, 0);
    }
  }
}
