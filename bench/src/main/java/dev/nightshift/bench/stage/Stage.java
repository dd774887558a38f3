package dev.nightshift.bench.stage;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.stage.TallyFile.Moment;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/// A broker in a process of its own, and what runs on it. Owned by one thread.
public final class Stage implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  private static final int BROKER_HEAP_MEGABYTES = 1_024;

  private final Path folder;
  private final List<String> flags;
  private final LocalKafkaProcess broker;
  private final Admin admin;
  private int fleets;
  private int processes;

  /// Starts the broker.
  public Stage(Setting setting) {
    this(setting, LocalKafka.Settings.defaults());
  }

  /// Starts a broker with other settings than tests have.
  public Stage(Setting setting, LocalKafka.Settings settings) {
    this.folder = folderOfOwn(setting);
    this.flags =
        List.of(
            "-Xms" + setting.heapMegabytes() + "m",
            "-Xmx" + setting.heapMegabytes() + "m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    HandlerJarFile.write(handlers());
    this.broker = LocalKafkaProcess.start(settings, BROKER_HEAP_MEGABYTES);
    this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  /// The broker.
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// The admin client of this stage.
  public Admin admin() {
    return admin;
  }

  /// The folder with the handlers' JAR.
  public Path handlers() {
    return folder.resolve("handlers");
  }

  /// A worker as a side.
  ///
  /// @param options of the worker beyond what every worker needs
  public Nightshift nightshift(String name, String... options) {
    return new Nightshift(name, handlers(), List.of(options));
  }

  /// Makes a fleet of its own and emits the events of a round.
  public Load fill(int warm, int events, Duration sleep) {
    TopicPlan plan = new TopicPlan("b" + ++fleets + ".");
    try (Fleet fleet =
        Fleet.of(Map.of("bootstrap.servers", bootstrapServers()), plan, ANSWER_MAX)) {
      fleet.init(OptionalInt.of(1));
      fleet.createCanvas(
          Load.CANVAS, Load.PARTITIONS, OptionalInt.of(1), new Cause("bench", "a round"));
    }
    Load load = new Load(plan, plan.events(Load.CANVAS, 1), warm, events, sleep);
    new Emission(bootstrapServers(), plan).emit(load.total());
    return load;
  }

  /// Runs a load with one side. What it committed is forgotten afterwards, so that others may run
  /// the same load.
  public Outcome drain(Side side, Load load) {
    String name = "p" + ++processes;
    Path tally = folder.resolve(name + ".tally");
    try (JavaProcess process = start(side, load, name, tally)) {
      Instant recorded =
          side.group(load)
              .map(group -> {
                Instant at = new Settled(admin, group, load.topic()).await(process);
                process.terminate();
                return at;
              })
              .orElse(Instant.EPOCH);
      process.awaitEnd();
      return outcome(load, TallyFile.read(tally), recorded);
    } finally {
      side.group(load).ifPresent(this::forget);
    }
  }

  private JavaProcess start(Side side, Load load, String name, Path tally) {
    JavaProcess.Launch launch = side.launch(load, bootstrapServers(), name);
    List<String> properties = new ArrayList<>(launch.flags());
    properties.add("-Dbench.tally=" + tally);
    properties.add("-Dbench.total=" + load.total());
    properties.add("-Dbench.warm=" + load.warm());
    properties.add("-Dbench.sleep=" + load.sleep().toMillis());
    properties.add("-Dbench.broker=" + broker.pid());
    return JavaProcess.start(
        folder,
        flags,
        new JavaProcess.Launch(launch.name(), launch.main(), properties, launch.arguments()));
  }

  private static Outcome outcome(Load load, TallyFile tally, Instant recorded) {
    Moment warm = tally.warm();
    Moment end =
        tally.durable().at().isAfter(tally.lastEnd().at()) ? tally.durable() : tally.lastEnd();
    Instant endAt = recorded.isAfter(end.at()) ? recorded : end.at();
    double seconds = Duration.between(warm.at(), endAt).toMillis() / 1e3;
    return new Outcome(
        load.events() / seconds,
        Faults.of(tally.starts(), tally.ends(), tally.repeated()),
        end.ownCpu().minus(warm.ownCpu()),
        end.brokerCpu().minus(warm.brokerCpu()),
        load.events());
  }

  private void forget(String group) {
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot forget what group " + group + " committed", e);
    }
  }

  /// Removes the topics of a round, so that the disk does not fill.
  public void remove(Load load) {
    try {
      List<String> topics =
          admin.listTopics().names().get().stream()
              .filter(topic -> topic.startsWith(load.plan().prefix()))
              .toList();
      admin.deleteTopics(topics).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot remove the topics of a round", e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    broker.close();
  }

  private static Path folderOfOwn(Setting setting) {
    try {
      Files.createDirectories(setting.folder());
      return Files.createTempDirectory(setting.folder(), "stage-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
