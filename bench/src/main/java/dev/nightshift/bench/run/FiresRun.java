package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.CommittedRecords;
import dev.nightshift.bench.stage.JavaProcess;
import dev.nightshift.bench.stage.LaterEvents;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Whether a scheduler that has fired very many events fires the next ones as fast as the first: a
/// backlog that is all due at once, again and again.
final class FiresRun implements BenchRun {
  private static final int BACKLOGS = 10;
  private static final int EVENTS_EACH = 500_000;
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(20);
  private static final Duration FIRED_WITHIN = Duration.ofMinutes(5);
  private static final int PER_SECOND = 100_000;

  // The first backlog warms the JVM.
  private static final String FIRST = "the second backlog";
  private static final String LAST = "the last backlog";

  @Override
  public String name() {
    return "fires";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int each = setting.events(EVENTS_EACH);
    for (int round = 1; round <= setting.rounds(); round++) {
      try (Stage stage = new Stage(setting)) {
        measure(stage, setting, measured, each);
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "One scheduler fires %d backlogs of %,d events, one after the other, each due at one time: from then until a reader of committed"
                + " records has the last of them.",
            BACKLOGS,
            each),
        measured.series(),
        List.of(Goal.atLeast(LAST, 0.9, FIRST)),
        List.of());
  }

  private void measure(Stage stage, Setting setting, Measured measured, int each) {
    Load load = stage.prepare(Load.Kind.work(0, 0, Duration.ZERO));
    try (JavaProcess scheduler = stage.scheduler(load.plan(), "s");
        CommittedRecords emissions = new CommittedRecords(stage.bootstrapServers(), load.topic())) {
      new Members(stage.admin(), load.plan().schedulersGroup()).await(1);
      for (int backlog = 1; backlog <= BACKLOGS; backlog++) {
        double rate = fire(stage, load, emissions, backlog, each);
        setting
            .progress()
            .accept(
                String.format(Locale.ROOT, "%s backlog %d: %,.0f events/s", name(), backlog, rate));
        if (backlog == 2 || backlog == BACKLOGS) {
          String side = backlog == 2 ? FIRST : LAST;
          measured.add(
              side,
              "events/s",
              String.format(Locale.ROOT, "%,d events", each),
              rate,
              Faults.NONE,
              "");
        }
      }
      scheduler.terminate();
      scheduler.awaitEnd();
    }
  }

  private static double fire(
      Stage stage, Load load, CommittedRecords emissions, int backlog, int each) {
    Instant due = Instant.now().plus(WRITTEN_WITHIN).plusSeconds(each / PER_SECOND);
    try (LaterEvents later = new LaterEvents(stage.bootstrapServers(), load.plan())) {
      for (int i = 0; i < each; i++) {
        later.write(backlog + "-" + i, due);
      }
    }
    if (Instant.now().isAfter(due)) {
      throw new IllegalStateException(each + " events could not be written before they were due");
    }
    int[] fired = new int[1];
    while (fired[0] < each && Instant.now().isBefore(due.plus(FIRED_WITHIN))) {
      emissions.poll((record, at) -> fired[0]++);
    }
    if (fired[0] != each) {
      throw new IllegalStateException(
          "of " + each + " events of backlog " + backlog + " were fired: " + fired[0]);
    }
    return each / (Duration.between(due, Instant.now()).toNanos() / 1e9);
  }
}
