package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// All of it, end to end, on this machine: a Kafka, two worker processes, 1,707 real earthquakes,
/// and what befalls them.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows all of it on an embedded Kafka: 1,707 earthquakes, two workers, one of them killed.",
      "Then a queue is paused and blocked, and a dead letter redriven. Takes about half a minute."
    },
    footer = {
      "",
      "Ends with 0 if every event ended exactly as it should, 1 if not.",
      "",
      "Example: nightshift demo"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int PAUSED_QUAKES = 100;

  @Option(names = "--home", hidden = true)
  private Path home = Path.of(System.getProperty("nightshift.home", "."));

  @Override
  public Integer call() throws IOException {
    long begin = System.nanoTime();
    List<String> quakes = quakes();
    System.err.println("Starting Kafka in a process of its own …");
    try (LocalKafkaProcess kafka = startKafka()) {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      try (Fleet fleet = Fleet.of(client, TopicPlan.standard(), Duration.ofSeconds(20))) {
        fleet.init(OptionalInt.of(1));
        fleet.createCanvas(DemoStage.CANVAS, 6, OptionalInt.of(1), DemoStage.CAUSE);
      }
      Path handlers = home.resolve("examples/quakes/target/handlers");
      System.err.println("Starting two workers …");
      // The workers' files go with the broker's folder.
      try (DemoWorkers workers =
              DemoWorkers.start(2, kafka.bootstrapServers(), handlers, kafka.dataDirectory());
          ChildProcess scheduler = startScheduler(kafka);
          DemoStage stage = new DemoStage(kafka.bootstrapServers(), workers)) {
        play(stage, quakes);
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.println(
        "\nEverything is as it should be. It took "
            + String.format(Locale.ROOT, "%.0f", seconds)
            + " s. To go on by hand: nightshift dev");
    return ExitCode.DONE;
  }

  private static ChildProcess startScheduler(LocalKafkaProcess kafka) throws IOException {
    Path log = kafka.dataDirectory().resolve("scheduler.log");
    return ChildProcess.start(
        "scheduler",
        ChildProcess.Launch.scheduler(
            kafka.bootstrapServers(), kafka.dataDirectory(), Redirect.to(log.toFile())));
  }

  private static void play(DemoStage stage, List<String> quakes) {
    List<String> weak =
        quakes.stream()
            .filter(quake -> DemoReport.alerts(List.of(quake)) == 0)
            .limit(PAUSED_QUAKES)
            .toList();
    String strong =
        quakes.stream()
            .filter(quake -> DemoReport.alerts(List.of(quake)) == 1)
            .findFirst()
            .orElseThrow();
    new DemoQuakes(stage, quakes).run();
    new DemoFlags(stage, weak).run();
    new DemoLetter(stage, strong).run();
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
}
