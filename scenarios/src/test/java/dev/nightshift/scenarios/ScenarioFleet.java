package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.local.LocalKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/// A real Kafka, real worker processes and an emitter, for one scenario. For the test's thread.
final class ScenarioFleet implements AutoCloseable {
  static final TopicPlan PLAN = TopicPlan.standard();
  static final String CANVAS = "scenario";
  static final String QUEUE = "work";

  /// A broker for [#slowReads]: it evens out over one second instead of ten.
  static final LocalKafka.Settings SLOW_READS =
      LocalKafka.Settings.defaults().with("quota.window.num", "2");

  private static final Duration READY_MAX = Duration.ofSeconds(40);

  private final Path folder;
  private final String bootstrapServers;
  private final Optional<Broker> kafka;
  private final Emitter emitter;
  private final Admin admin;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final List<TopicReader<?>> readers = new ArrayList<>();
  private @Nullable TopicReader<Trace> traces;
  private @Nullable TopicReader<ConsumerRecord<byte[], byte[]>> dead;
  private @Nullable TopicReader<ConsumerRecord<byte[], byte[]>> retries;
  private @Nullable TopicReader<Boolean> count;
  private @Nullable TopicReader<Boolean> lane;
  private int started;

  /// A broker without workers.
  ///
  /// @param folder an empty one
  ScenarioFleet(Path folder) {
    this(folder, LocalKafka.Settings.defaults());
  }

  /// A broker with these settings, without workers.
  ScenarioFleet(Path folder, LocalKafka.Settings settings) {
    this(folder, Broker.start(settings));
  }

  /// This broker, which is closed with the fleet, without workers.
  ///
  /// @param folder an empty one
  ScenarioFleet(Path folder, Broker kafka) {
    this(folder, kafka.bootstrapServers(), Optional.of(kafka));
  }

  /// A Kafka that the scenario itself starts and closes, without workers.
  ///
  /// @param folder an empty one
  ScenarioFleet(Path folder, String bootstrapServers) {
    this(folder, bootstrapServers, Optional.empty());
  }

  private ScenarioFleet(Path folder, String bootstrapServers, Optional<Broker> kafka) {
    this.folder = folder;
    HandlerJar.write(folder.resolve("handlers/handlers.jar"), "Work", "Herd");
    HandlerJar.write(folder.resolve("older/handlers.jar"), "OnlyWork");
    this.bootstrapServers = bootstrapServers;
    this.kafka = kafka;
    this.emitter = Emitter.connect(EmitterSettings.of(bootstrapServers(), "scenario"));
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /// The broker that is closed with it.
  Broker kafka() {
    return kafka.orElseThrow();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  Emitter emitter() {
    return emitter;
  }

  Admin admin() {
    return admin;
  }

  /// What an admin does to it; to be closed by who asks.
  Fleet control() {
    return Fleet.of(Map.of("bootstrap.servers", bootstrapServers()), PLAN, Duration.ofSeconds(20));
  }

  /// Creates the canvas with as many partitions; otherwise the first emit creates it with six.
  void createCanvas(int partitions) {
    try (Fleet control = control()) {
      control.init(OptionalInt.empty());
      control.createCanvas(CANVAS, partitions, OptionalInt.empty(), new Cause("scenario", ""));
    }
  }

  /// From now on the broker gives out no more than this to each client of a name.
  void slowReads(double bytesPerSecond) {
    ClientQuotaEntity each =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
    ClientQuotaAlteration.Op rate =
        new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond);
    try {
      admin.alterClientQuotas(List.of(new ClientQuotaAlteration(each, List.of(rate)))).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- emit

  /// Emits a script of [dev.nightshift.scenarios.handlers.Work] and waits until Kafka has it.
  void emit(String id, String script) {
    emit(CANVAS, id, script);
  }

  void emit(String canvas, String id, String script) {
    emitTo(canvas, QUEUE, id, script);
  }

  void emitTo(String canvas, String queue, String id, String script) {
    emitter.emit(Emission.of(canvas, queue, script.getBytes(UTF_8)).withId(id)).join();
  }

  /// Emits as many events of one script, named by number after a prefix, and waits for all.
  void emitMany(String prefix, int count, String script) {
    List<Emission> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(CANVAS, prefix + i, script));
    }
    emitter.emitAll(events).forEach(emitted -> emitted.join());
  }

  static Emission event(String canvas, String id, String script) {
    return Emission.of(canvas, QUEUE, script.getBytes(UTF_8)).withId(id);
  }

  /// Makes a file that scripts wait for.
  void release(String file) {
    try {
      Files.createFile(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- workers

  /// Starts a worker and waits until it is a member and nothing of the group is moving.
  WorkerProcess startWorker(String... more) {
    WorkerProcess worker = launchWorker(more);
    awaitMembers(workers.stream().filter(WorkerProcess::alive).count());
    return worker;
  }

  /// A worker of an older version, which has no handlers for queues `urgent`, `child` and
  /// `limited`.
  WorkerProcess startOlderWorker(String... more) {
    String[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = "--handlers=" + folder.resolve("older");
    return startWorker(all);
  }

  WorkerProcess launchWorker(String... more) {
    WorkerProcess worker =
        WorkerProcess.start("worker-" + ++started, folder, bootstrapServers(), more);
    workers.add(worker);
    return worker;
  }

  WorkerProcess worker(String name) {
    return workers.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /// Starts a new worker for each that has died.
  void restartTheDead(int wanted) {
    for (long alive = workers.stream().filter(WorkerProcess::alive).count();
        alive < wanted;
        alive++) {
      launchWorker();
    }
  }

  void awaitMembers(long members) {
    await(members + " workers share the partitions", READY_MAX, () -> ready(members));
  }

  private boolean ready(long members) {
    try {
      ConsumerGroupDescription group =
          admin.describeConsumerGroups(List.of(PLAN.workersGroup())).all().get().values().stream()
              .findFirst()
              .orElseThrow();
      return group.groupState() == GroupState.STABLE
          && group.members().size() == members
          && group.members().stream().noneMatch(m -> m.assignment().topicPartitions().isEmpty());
    } catch (ExecutionException e) {
      return false; // There is no such group yet.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- what happened

  /// What the handlers noted, in the order of its writing.
  List<Note> notes() {
    return Note.all(folder);
  }

  /// How often the event was started.
  List<Note> starts(String id) {
    return notes().stream().filter(n -> n.isStart() && n.id().equals(id)).toList();
  }

  /// How often the event's handler came to its end.
  List<Note> ends(String id) {
    return notes().stream().filter(n -> !n.isStart() && n.id().equals(id)).toList();
  }

  /// What the workers have committed.
  Ledgers ledgers() {
    return new Ledgers(admin);
  }

  /// Emits an event and fails unless it is started within a second.
  void assertStartsWithinASecond(String canvas, String id) {
    assertStartsWithinASecond(canvas, QUEUE, id);
  }

  void assertStartsWithinASecond(String canvas, String queue, String id) {
    Instant emitted = Instant.now();
    emitTo(canvas, queue, id, "return");
    await(id + " starts", Duration.ofSeconds(20), () -> !starts(id).isEmpty());
    Duration waited = Duration.between(emitted, starts(id).get(0).at());
    if (waited.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new AssertionError(id + " waited for " + waited);
    }
  }

  /// How many records the lane of the canvas's queue [#QUEUE] has had; none before it exists.
  int laneCount() {
    String topic = PLAN.lane(CANVAS, 1, QUEUE);
    if (lane == null) {
      try {
        if (!admin.listTopics().names().get().contains(topic)) {
          return 0;
        }
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
      lane = reader(topic, record -> true);
    }
    return lane.read().size();
  }

  /// How many traces there are, where they are too many to be kept.
  int traceCount() {
    if (count == null) {
      count = reader(PLAN.traces(), record -> true);
    }
    return count.read().size();
  }

  /// All traces so far.
  List<Trace> traces() {
    if (traces == null) {
      traces = reader(PLAN.traces(), r -> RecordCodec.TRACES.decode(r.value()));
    }
    return traces.read();
  }

  /// Outcomes of the events that have ended, by event.
  ///
  /// @throws AssertionError if one has ended twice in the same attempt
  Map<String, String> outcomes() {
    Map<String, String> outcomes = new HashMap<>();
    Map<String, String> attempts = new HashMap<>();
    for (Trace trace : traces()) {
      if (trace.getOutcome().equals("lost")) {
        continue;
      }
      String attempt = trace.getEventId() + ", attempt " + trace.getAttempt();
      String before = attempts.put(attempt, trace.getOutcome());
      if (before != null) {
        throw new AssertionError(attempt + " ended twice: " + before + ", " + trace.getOutcome());
      }
      outcomes.put(trace.getEventId(), trace.getOutcome());
    }
    return outcomes;
  }

  /// The dead letters so far.
  List<ConsumerRecord<byte[], byte[]>> dead() {
    if (dead == null) {
      dead = reader(PLAN.dead(), r -> r);
    }
    return dead.read();
  }

  /// What has been in the retry topic so far.
  List<ConsumerRecord<byte[], byte[]>> retries() {
    if (retries == null) {
      retries = reader(PLAN.retry(), r -> r);
    }
    return retries.read();
  }

  private <T> TopicReader<T> reader(
      String topic, Function<ConsumerRecord<byte[], byte[]>, T> keep) {
    TopicReader<T> reader = new TopicReader<>(bootstrapServers, topic, keep);
    readers.add(reader);
    return reader;
  }

  /// Waits until `holds`, asking again and again.
  ///
  /// @throws AssertionError if it does not in time, with what the workers printed
  void await(String what, Duration atMost, BooleanSupplier holds) {
    long end = System.nanoTime() + atMost.toNanos() * (WorkerProcess.SHIPPED ? 4 : 1);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        StringBuilder said = new StringBuilder();
        workers.forEach(
            w -> said.append("\n--- ").append(w.name()).append('\n').append(w.printed()));
        throw new AssertionError("not within " + atMost.toSeconds() + " s: " + what + said);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
    readers.forEach(TopicReader::close);
    admin.close(Duration.ZERO);
    emitter.close();
    kafka.ifPresent(Broker::close);
  }
}
