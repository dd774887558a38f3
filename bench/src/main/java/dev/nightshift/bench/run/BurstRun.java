package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.EventSource;
import dev.nightshift.bench.stage.JavaProcess;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.bench.stage.TraceCount;
import dev.nightshift.cli.Main;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How long a burst takes where `nightshift fleet` runs as many workers as a scheduler wants, and
/// where it may run one only.
final class BurstRun implements BenchRun {
  private static final int EVENTS = 40_000;

  /// So long that slots, not processors, are what there is too little of.
  private static final Duration SLEEP = Duration.ofMillis(100);

  private static final int AT_ONCE = 64;
  private static final int MOST = 4;
  private static final Duration TARGET = Duration.ofSeconds(10);
  private static final Duration COOL_DOWN = Duration.ofSeconds(10);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private static final String SCALED = "1 to " + MOST + " workers: burst → all ended";
  private static final String ALONE = "1 worker: burst → all ended";
  private static final String BACK = "all ended → 1 worker left";
  private static final String WORKERS = "most workers at once";

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    try (Stage stage = new Stage(setting)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        measure(stage, setting, measured, MOST);
        measure(stage, setting, measured, 1);
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "Events that come at once, handlers that sleep for %d ms, %d at once a worker. A scheduler looks each second, wants all done within %d s, and"
                + " lowers the number after %d s; the note says from when on how many workers were wanted.",
            SLEEP.toMillis(),
            AT_ONCE,
            TARGET.toSeconds(),
            COOL_DOWN.toSeconds()),
        measured.series(),
        List.of(Goal.atMost(SCALED, 0.6, ALONE), Goal.atMost(BACK, 60)),
        List.of());
  }

  private void measure(Stage stage, Setting setting, Measured measured, int most) {
    int events = setting.events(EVENTS);
    Load load = stage.prepare(Load.Kind.work(0, events, SLEEP));
    try (Fleet fleet = stage.fleet(load.plan())) {
      fleet.scaleBounds(new ScaleBounds(1, most, TARGET), new Cause("bench", "a round"));
    }
    String number = load.plan().prefix() + "x";
    Map<String, Object> client = Map.of("bootstrap.servers", stage.bootstrapServers());
    try (JavaProcess scheduler = scheduler(stage, load, "scheduler-" + number);
        JavaProcess workers = workers(stage, load, "fleet-" + number, most);
        FollowedLog<Optional<ScaleDecision>> decisions =
            ScaleLog.start(client, load.plan(), ANSWER_MAX);
        TraceCount traces = new TraceCount(stage.bootstrapServers(), load.plan());
        EventSource source = stage.source(load)) {
      Members members = new Members(stage.admin(), load.plan().workersGroup());
      members.await(1);
      History history = new History(decisions);
      source.emit(0, events);
      while (traces.ended() < events) {
        traces.poll();
        history.look();
        scheduler.check();
        workers.check();
      }
      double took = history.seconds();
      Faults faults = traces.faults(events);
      String amount = String.format(Locale.ROOT, "%,d", events);
      measured.add(most == 1 ? ALONE : SCALED, "s", amount, took, faults, history.text());
      String line = "%s, at most %d: %.1f s, wanted %s, %s";
      String said = String.format(Locale.ROOT, line, name(), most, took, history.text(), faults);
      setting.progress().accept(said);
      if (most > 1) {
        measured.add(WORKERS, "workers", amount, history.most());
        members.await(1);
        measured.add(BACK, "s", amount, history.seconds() - took);
      }
      workers.terminate();
      workers.awaitEnd();
    } finally {
      stage.remove(load);
    }
  }

  private static JavaProcess scheduler(Stage stage, Load load, String name) {
    return command(
        stage,
        load,
        name,
        "scheduler",
        "--name=" + name,
        "--scale-every=1s",
        "--scale-cool-down=" + COOL_DOWN.toSeconds() + "s");
  }

  private static JavaProcess workers(Stage stage, Load load, String name, int most) {
    return command(
        stage,
        load,
        name,
        "fleet",
        "--name=" + name,
        "--max=" + most,
        "--handlers=" + stage.handlers(),
        "--concurrency=" + AT_ONCE,
        "--log-dir=" + stage.folder(),
        "--jvm=-Dbench.total=" + load.kind().handled(),
        "--jvm=-Dbench.tally=" + stage.folder().resolve(name + ".tally"));
  }

  private static JavaProcess command(Stage stage, Load load, String name, String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.add("--bootstrap-server=" + stage.bootstrapServers());
    arguments.add("--topic-prefix=" + load.plan().prefix());
    return JavaProcess.start(
        stage.folder(),
        List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED"),
        new JavaProcess.Launch(name, Main.class, List.of(), arguments));
  }

  /// From when on how many workers were wanted. For one thread.
  private static final class History {
    private final FollowedLog<Optional<ScaleDecision>> decisions;
    private final long begin = System.nanoTime();
    private final Instant beginTime = Instant.now();
    private final StringBuilder text = new StringBuilder();
    private int last;
    private int most;

    /// Begins now.
    History(FollowedLog<Optional<ScaleDecision>> decisions) {
      this.decisions = decisions;
      look();
    }

    void look() {
      decisions.view().filter(decision -> decision.wanted() != last).ifPresent(this::note);
    }

    // Nobody looks while the burst is emitted.
    private void note(ScaleDecision decision) {
      last = decision.wanted();
      most = Math.max(most, last);
      long after = Math.max(0, Duration.between(beginTime, decision.since()).toSeconds());
      text.append(text.isEmpty() ? "" : ", ").append(after).append(" s: ").append(last);
    }

    double seconds() {
      return (System.nanoTime() - begin) / 1e9;
    }

    int most() {
      return most;
    }

    String text() {
      return text.toString();
    }
  }
}
