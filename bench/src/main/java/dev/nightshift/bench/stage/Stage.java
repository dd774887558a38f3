package dev.nightshift.bench.stage;

import dev.nightshift.bench.handlers.ParentHandler;
import dev.nightshift.bench.handlers.WorkHandler;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import dev.nightshift.scheduler.SchedulerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/// A broker in a process of its own, and what runs on it. Owned by one thread.
public final class Stage implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);
  private static final long TO_THE_END = -1; // as the protocol has it

  private final Path folder;
  private final List<String> flags;
  private final LocalKafkaProcess broker;
  private final Admin admin;
  private final List<JavaProcess> sides = new ArrayList<>();
  private int fleets;

  /// Starts the broker.
  public Stage(Setting setting) {
    this(setting, LocalKafka.Settings.defaults());
  }

  /// Starts a broker with other settings.
  public Stage(Setting setting, LocalKafka.Settings settings) {
    this.folder = folderOfOwn(setting);
    this.flags = new ArrayList<>(setting.flags());
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.add("--sun-misc-unsafe-memory-access=allow");
    HandlerJar.write(handlers(), List.of(WorkHandler.class, ParentHandler.class), List.of());
    this.broker = LocalKafkaProcess.start(settings, LocalKafkaProcess.Jvm.AS_SHIPPED);
    this.admin = connect(broker);
  }

  /// Ends the broker if it fails.
  private static Admin connect(LocalKafkaProcess broker) {
    try {
      return Admin.create(
          Map.of(
              AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
              broker.bootstrapServers(),
              AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
              (int) ANSWER_MAX.toMillis()));
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /// The broker.
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// The admin client of this stage.
  public Admin admin() {
    return admin;
  }

  /// A folder for logs and handlers.
  public Path folder() {
    return folder;
  }

  /// The folder with the handlers' JAR.
  public Path handlers() {
    return folder.resolve("handlers");
  }

  /// A folder with a JAR whose handlers serve further canvases, too.
  public Path handlersFor(List<String> canvases) {
    Path more = folder.resolve("handlers-" + canvases.hashCode());
    HandlerJar.write(more, List.of(WorkHandler.class), canvases);
    return more;
  }

  /// The same with a second queue in the canvas of all loads.
  public Path handlersWithParents(List<String> canvases) {
    Path more = folder.resolve("handlers-parents-" + canvases.hashCode());
    HandlerJar.write(more, List.of(WorkHandler.class, ParentHandler.class), canvases);
    return more;
  }

  /// A worker as a side.
  ///
  /// @param options of the worker beyond what every worker needs
  public Side nightshift(String name, String... options) {
    return new Side.Nightshift(name, handlers(), List.of(options));
  }

  /// A fleet of its own with one canvas, where nothing is emitted yet.
  public Load prepare(Load.Kind kind) {
    Load load = new Load(nextPlan(), List.of(Load.CANVAS), kind);
    try (Fleet fleet = fleet(load.plan())) {
      fleet.init(OptionalInt.of(1));
      createCanvas(fleet, Load.CANVAS, kind.partitions());
    }
    return load;
  }

  /// A fleet of its own with one canvas, where all events of a round wait.
  public Load fill(Load.Kind kind) {
    Load load = prepare(kind);
    try (EventSource source = source(load)) {
      source.emit(0, kind.emitted());
    }
    return load;
  }

  /// The topics of a fleet that there was not before.
  public TopicPlan nextPlan() {
    return new TopicPlan("b" + ++fleets + ".");
  }

  /// For admins of a round's fleet.
  public Fleet fleet(TopicPlan plan) {
    return Fleet.of(Map.of("bootstrap.servers", bootstrapServers()), plan, ANSWER_MAX);
  }

  /// Creates a canvas.
  public static void createCanvas(Fleet fleet, String name, int partitions) {
    fleet.createCanvas(name, partitions, OptionalInt.of(1), new Cause("bench", "a round"));
  }

  /// Emits into a load.
  public EventSource source(Load load) {
    return new EventSource(bootstrapServers(), load);
  }

  /// How far a worker is with a load; of its topics' ends as they are now.
  public Settled settled(Load load) {
    return new Settled(admin, load.plan().workersGroup(), load.topics());
  }

  /// Runs a load with one side. What it committed is forgotten afterwards, so that others may run
  /// the same load.
  public Outcome drain(Side side, Load load) {
    Optional<String> group = side.group(load);
    try (Running running = start(side, load)) {
      Instant recorded =
          group
              .map(name -> new Settled(admin, name, load.topics()).awaitDone(running))
              .orElse(Instant.EPOCH);
      TallyFile tally = group.isPresent() ? running.stop() : running.await();
      return outcome(load, tally, recorded);
    } finally {
      group.ifPresent(this::forget);
    }
  }

  /// What a side has done with a whole load.
  ///
  /// @param recorded when it was seen from outside that all is on record
  public static Outcome outcome(Load load, TallyFile tally, Instant recorded) {
    return Outcome.of(tally, load.kind().handled() - load.kind().warm(), recorded);
  }

  /// Starts a side's process with a load.
  ///
  /// @param more flags of its JVM
  public Running start(Side side, Load load, String... more) {
    String name = "p" + (sides.size() + 1);
    Path tally = folder.resolve(name + ".tally");
    JavaProcess.Launch launch = side.launch(load, bootstrapServers(), name);
    List<String> own = new ArrayList<>(launch.flags());
    own.addAll(List.of(more));
    own.add("-Dbench.tally=" + tally);
    own.add("-Dbench.total=" + load.kind().handled());
    own.add("-Dbench.warm=" + load.kind().warm());
    own.add("-Dbench.broker=" + broker.pid());
    JavaProcess process =
        JavaProcess.start(
            folder,
            flags,
            new JavaProcess.Launch(launch.name(), launch.main(), own, launch.arguments()));
    sides.add(process);
    return new Running(name, process, load, tally);
  }

  /// Starts a scheduler.
  ///
  /// @param name not used before
  public JavaProcess scheduler(TopicPlan plan, String name) {
    return JavaProcess.start(
        folder,
        List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED"),
        new JavaProcess.Launch(
            name,
            SchedulerMain.class,
            List.of(),
            List.of(
                "--bootstrap-server=" + bootstrapServers(),
                "--topic-prefix=" + plan.prefix(),
                "--name=" + name)));
  }

  /// Forgets what a group without members has committed.
  public void forget(String group) {
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot forget what group " + group + " committed", e);
    }
  }

  /// Removes all events of a load: whoever has forgotten what was committed would run them again.
  public void empty(Load load) {
    try {
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      for (TopicDescription topic :
          admin.describeTopics(load.topics()).allTopicNames().get().values()) {
        topic
            .partitions()
            .forEach(each ->
                all.put(
                    new TopicPartition(topic.name(), each.partition()),
                    RecordsToDelete.beforeOffset(TO_THE_END)));
      }
      admin.deleteRecords(all).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("cannot remove the events of a round", e);
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

  /// Ends the broker and removes the folder; what sides have printed that did not end as they
  /// should stays there. All sides must have been closed.
  @Override
  public void close() {
    admin.close(Duration.ZERO);
    broker.close();
    Set<Path> kept =
        sides.stream()
            .filter(side -> !side.endedWell())
            .map(JavaProcess::log)
            .collect(Collectors.toSet());
    try {
      removeAllBut(kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeAllBut(Set<Path> kept) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      boolean holdsKept = kept.stream().anyMatch(log -> log.startsWith(each));
      if (!holdsKept) {
        Files.delete(each);
      }
    }
  }

  private static Path folderOfOwn(Setting setting) {
    try {
      Files.createDirectories(setting.folder());
      return Files.createTempDirectory(setting.folder(), "stage-").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
