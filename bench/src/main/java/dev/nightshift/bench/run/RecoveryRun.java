package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.EventSource;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Settled;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.bench.stage.TallyFile;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// How long it takes until what a killed worker ran is started elsewhere.
final class RecoveryRun implements BenchRun {
  private static final int IN_FLIGHT = 2_000;
  private static final String LAST = "SIGKILL → last orphan started";
  private static final String FIRST = "SIGKILL → first orphan started";

  /// Longer than a round takes: what runs when the worker is killed is in flight.
  private static final Duration SLEEP = Duration.ofSeconds(100);

  /// What a broker does unless told otherwise, where the local one is told.
  private static final Map<String, String> STOCK =
      Map.of(
          "group.initial.rebalance.delay.ms", "3000",
          "group.min.session.timeout.ms", "6000",
          "add.partitions.to.txn.retry.backoff.ms", "20",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000",
          "offsets.topic.num.partitions", "50",
          "transaction.state.log.num.partitions", "50");

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    LocalKafka.Settings broker = LocalKafka.Settings.defaults();
    for (Map.Entry<String, String> each : STOCK.entrySet()) {
      broker = broker.with(each.getKey(), each.getValue());
    }
    try (Stage stage = new Stage(setting, broker)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        measure(stage, setting, measured, round);
      }
    }
    return new Report(
        name(),
        "Two workers run handlers that sleep; one is killed (SIGKILL). The broker has Kafka's own defaults. An orphan's next attempt does nothing: suspects"
            + " run in company of 1,000 at most, so handlers that take long would make it longer.",
        measured.series(),
        List.of(Goal.atMost(LAST, 10)),
        List.of());
  }

  private void measure(Stage stage, Setting setting, Measured measured, int round) {
    int all = 2 * setting.events(IN_FLIGHT);
    Load load = stage.prepare(Load.Kind.work(0, all, SLEEP));
    Side worker = stage.nightshift(Runs.ON);
    Members members = new Members(stage.admin(), load.plan().workersGroup());
    try (Running victim = stage.start(worker, load);
        Running survivor = stage.start(worker, load, "-Dbench.stamps=true", "-Dbench.live=true");
        EventSource source = stage.source(load)) {
      members.await(2);
      source.emit(0, all);
      Settled settled = stage.settled(load);
      Members.await(all + " in flight", () -> settled.claims() == all);
      Set<TopicPartition> lost = members.partitions(victim.name());
      long orphans = settled.claims(lost);
      Instant killed = Instant.now();
      victim.process().kill();
      Members.await("orphans started", () -> survivor.repeatedSoFar() >= orphans);
      TallyFile tally = survivor.handBack();
      long[] waits =
          Arrays.stream(tally.startedAtNanos())
              .map(at -> at - killed.toEpochMilli() * 1_000_000)
              .filter(after -> after > 0)
              .sorted()
              .toArray();
      Faults faults =
          new Faults(Math.max(0, orphans - waits.length), 0, Math.max(0, waits.length - orphans));
      add(measured, setting, round, orphans, waits, faults);
    } finally {
      stage.remove(load);
    }
  }

  private void add(
      Measured measured, Setting setting, int round, long orphans, long[] waits, Faults faults) {
    double first = waits[0] / 1e9;
    double last = waits[waits.length - 1] / 1e9;
    String amount = String.format(Locale.ROOT, "%,d orphans", orphans);
    measured.add(LAST, "s", amount, last, faults, "");
    measured.add(FIRST, "s", amount, first, faults, "");
    setting
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s round %d: %,d orphans, first started after %.1f s, last after %.1f s",
                name(),
                round,
                orphans,
                first,
                last));
  }
}
