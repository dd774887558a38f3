package dev.nightshift.cli.internal.local;

import dev.nightshift.cli.internal.TraceReader;
import dev.nightshift.cli.internal.TraceText;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The main job, end to end, on this machine: a Kafka, two worker processes, 1,707 real
/// earthquakes, and a worker that is killed while its handlers run.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the main job on an embedded Kafka: 1,707 earthquakes, two workers, one of them killed.",
    footer = {
      "",
      "Ends with 0 if every event ended exactly as it should, 1 if not.",
      "",
      "Example: nightshift demo"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String CANVAS = "quakes";
  private static final int EVENTS_A_SECOND = 400;
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  @Option(names = "--home", hidden = true)
  private Path home = Path.of(System.getProperty("nightshift.home", "."));

  @Override
  public Integer call() throws IOException {
    List<String> quakes = quakes();
    System.err.println("Starting Kafka in a process of its own …");
    try (LocalKafkaProcess kafka = startKafka()) {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      try (Fleet fleet = Fleet.of(client, TopicPlan.standard(), Duration.ofSeconds(20))) {
        fleet.init(OptionalInt.of(1));
        fleet.createCanvas(CANVAS, 6, OptionalInt.of(1), new Cause("demo", ""));
      }
      Path handlers = home.resolve("examples/quakes/target/handlers");
      System.err.println("Starting two workers …");
      try (DemoWorkers workers =
              DemoWorkers.start(2, kafka.bootstrapServers(), handlers, kafka.dataDirectory());
          TraceReader reader = new TraceReader(client, TopicPlan.standard())) {
        return run(kafka.bootstrapServers(), quakes, workers.all(), reader);
      }
    }
  }

  private List<String> quakes() throws IOException {
    Path data = home.resolve("examples/quakes/data/earthquakes.ndjson");
    if (!Files.exists(data)) {
      throw new CommandException(
          ExitCode.FAILED,
          "the demo's data is not there: "
              + data.toAbsolutePath()
              + ". It comes with the sources: run the script nightshift that lies beside them");
    }
    return Files.readAllLines(data);
  }

  private static LocalKafkaProcess startKafka() {
    try {
      return LocalKafkaProcess.start(LocalKafka.Settings.defaults());
    } catch (UncheckedIOException | IllegalStateException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private Integer run(
      String bootstrapServers, List<String> quakes, List<ChildWorker> workers, TraceReader reader) {
    long alertsExpected = DemoReport.alerts(quakes);
    DemoReport report = new DemoReport(CANVAS, quakes.size(), alertsExpected);
    List<CompletableFuture<Emitted>> emitted = new ArrayList<>();
    try (Emitter emitter = Emitter.connect(EmitterSettings.of(bootstrapServers, "demo"));
        ProgressBar emitting = bar("emitted  ", quakes.size());
        ProgressBar ending = bar("completed", quakes.size() + alertsExpected)) {
      long begin = System.nanoTime();
      boolean killed = false;
      while (!report.complete() && System.nanoTime() - begin < AT_MOST.toNanos()) {
        long due = (System.nanoTime() - begin) * EVENTS_A_SECOND / 1_000_000_000L;
        while (emitted.size() < Math.min(due, quakes.size())) {
          emitted.add(emitter.emitJson(CANVAS, "assess", quakes.get(emitted.size())));
          emitting.step();
        }
        if (!killed && emitted.size() > quakes.size() / 2) {
          killed = true;
          ChildWorker victim = busiest(workers, report);
          victim.kill();
          System.err.println("\nKilled " + victim.name() + " (SIGKILL) while its handlers ran.");
        }
        for (Trace trace : reader.poll(Duration.ofMillis(20))) {
          report.add(trace);
        }
        ending.stepTo(report.ended());
        LockSupport.parkNanos(1_000_000);
      }
    }
    Set<String> ids = new HashSet<>();
    emitted.forEach(future -> ids.add(future.join().id()));
    System.out.println(report.table());
    report.secondAttempt().map(TraceText::of).ifPresent(text -> System.out.println("\n" + text));
    Optional<String> wrong = report.wrong(ids);
    wrong.ifPresentOrElse(
        problem -> System.out.println("\nNot as it should be: " + problem),
        () -> System.out.println("\n" + report.summary()));
    return wrong.isPresent() ? 1 : 0;
  }

  // Its handlers take 200 ms each, so that some of them run at any time.
  private static ChildWorker busiest(List<ChildWorker> workers, DemoReport report) {
    return workers.stream()
        .max(Comparator.comparingLong(worker -> report.tracesOf(worker.name())))
        .orElseThrow();
  }

  private static ProgressBar bar(String name, long max) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(max)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .build();
  }
}
