package dev.nightshift.worker;

import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Fleet;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.KafkaLog;
import dev.nightshift.worker.internal.log.KafkaLogSettings;
import dev.nightshift.worker.internal.loop.Control;
import dev.nightshift.worker.internal.loop.EndTraces;
import dev.nightshift.worker.internal.loop.FleetLanes;
import dev.nightshift.worker.internal.loop.LoopSettings;
import dev.nightshift.worker.internal.loop.LoopTime;
import dev.nightshift.worker.internal.loop.Mailbox;
import dev.nightshift.worker.internal.loop.Message;
import dev.nightshift.worker.internal.loop.WorkerLoop;
import dev.nightshift.worker.internal.run.AttemptLimits;
import dev.nightshift.worker.internal.run.CarrierGuard;
import dev.nightshift.worker.internal.run.HandlerCatalog;
import dev.nightshift.worker.internal.run.KafkaTraceStore;
import dev.nightshift.worker.internal.run.Outcome;
import dev.nightshift.worker.internal.run.RunSetup;
import dev.nightshift.worker.internal.run.TraceStore;
import dev.nightshift.worker.internal.run.Traces;
import dev.nightshift.worker.internal.run.VirtualThreadAttempts;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// One worker: the loop with everything it needs. Made by one thread, which then calls [#run] and
/// is the loop's thread; the orders ([#drain], [#handBackNow], [#quiet]) may come from any. Not to
/// be used again once it has ended.
public final class Worker implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(30);
  private static final Duration SESSION = Duration.ofSeconds(6);

  private final WorkerSettings settings;
  private final HandlerCatalog catalog;
  private final ControlLog control;
  private final TraceStore traces;
  private final Mailbox mailbox;
  private final CarrierGuard carriers;
  private final FleetLanes lanes;
  private final WorkerLoop loop;

  private Worker(
      WorkerSettings settings,
      HandlerCatalog catalog,
      ControlLog control,
      int retryPartitions,
      Consumer<WorkerEvent> events) {
    this.settings = settings;
    this.catalog = catalog;
    this.control = control;
    WorkerIdentity identity = new WorkerIdentity(settings.name(), host());
    AttemptLimits limits = AttemptLimits.STANDARD;
    this.traces =
        new KafkaTraceStore(
            settings.clientConfig(), settings.plan(), limits.trace().traceBytesMax(), events);
    KafkaLog log =
        new KafkaLog(
            new KafkaLogSettings(
                settings.clientConfig(),
                settings.plan(),
                settings.plan().workersGroup(),
                settings.name(),
                KafkaLogSettings.Protocol.CLASSIC));
    this.mailbox = new Mailbox(settings.slots(), log::wakeup);
    control.onChange(log::wakeup);
    VirtualThreadAttempts attempts = attempts(identity, events);
    this.carriers = CarrierGuard.start(attempts::ended, events);
    this.lanes =
        new FleetLanes(() -> Fleet.of(settings.clientConfig(), settings.plan(), START_MAX), events);
    Traces builder = new Traces(identity, limits.trace());
    this.loop =
        new WorkerLoop(
            loopSettings(settings, retryPartitions),
            LoopTime.system(),
            new WorkerLoop.Parts(
                log,
                new Following(control),
                attempts,
                mailbox,
                lanes,
                new Ends(builder, traces),
                events));
  }

  /// Loads the handlers, makes the fleet's topics where they are missing, reads the control log.
  /// Claims nothing yet.
  ///
  /// @param events hears what happens; see [WorkerEvent] for the threads
  /// @throws dev.nightshift.worker.internal.run.HandlerProblemsException with everything that is
  ///   wrong with the handlers
  /// @throws dev.nightshift.common.FleetException if the cluster cannot be used
  public static Worker start(WorkerSettings settings, Consumer<WorkerEvent> events) {
    HandlerCatalog catalog = HandlerCatalog.load(settings.handlers());
    if (catalog.handlers().isEmpty() && !settings.allowEmpty()) {
      throw new IllegalArgumentException(
          "there are no handlers in "
              + settings.handlers()
              + ": put a handler JAR there, name another folder with --handlers, or start with"
              + " --allow-empty");
    }
    Map<String, Object> client = settings.clientConfig();
    try (Fleet fleet = Fleet.of(client, settings.plan(), START_MAX)) {
      fleet.init(replication(settings));
      ControlLog control = ControlLog.start(client, settings.plan(), START_MAX);
      int retryPartitions = fleet.partitions(settings.plan().retry());
      return new Worker(settings, catalog, control, retryPartitions, events);
    }
  }

  private static OptionalInt replication(WorkerSettings settings) {
    return settings.replication() < 0
        ? OptionalInt.empty()
        : OptionalInt.of(settings.replication());
  }

  /// The queues that this worker has handlers for, as `canvas/queue`.
  public List<String> queues() {
    return catalog.handlers().stream().map(h -> h.canvas() + "/" + h.queue()).sorted().toList();
  }

  /// Works until it is told to stop and has.
  ///
  /// @return how it ended
  public WorkerEvent.Stopped run() {
    return loop.run();
  }

  /// Claims nothing more, lets handlers finish within the grace period, hands back the rest.
  public void drain() {
    mailbox.order(new Message.Drain(settings.grace()));
  }

  /// Hands back what runs, at once.
  public void handBackNow() {
    mailbox.order(new Message.HandBackNow());
  }

  /// Claims nothing more but stays a member, or claims again.
  public void quiet(boolean on) {
    mailbox.order(new Message.Quiet(on));
  }

  /// Frees what is held, after [#run] has returned.
  @Override
  public void close() {
    carriers.close();
    lanes.close();
    traces.close();
    control.close();
    catalog.close();
  }

  private VirtualThreadAttempts attempts(WorkerIdentity identity, Consumer<WorkerEvent> events) {
    return new VirtualThreadAttempts(
        catalog,
        traces,
        control::view,
        RunSetup.standard(identity, events),
        finished -> mailbox.post(new Message.AttemptEnded(finished)));
  }

  private static LoopSettings loopSettings(WorkerSettings settings, int retryPartitions) {
    return new LoopSettings(
        settings.name(),
        settings.slots(),
        40_000,
        128L << 20,
        Duration.ofMillis(10),
        Duration.ofMillis(2),
        session(settings),
        Duration.ofSeconds(1),
        closeReserve(settings.grace()),
        2_000,
        4L << 20,
        4_096,
        WorkerSettings.ATTEMPTS_MAX,
        settings.retryDelays(),
        retryPartitions,
        settings.plan());
  }

  // As long as the group believes that this worker lives.
  private static Duration session(WorkerSettings settings) {
    Object millis = settings.clientConfig().get("session.timeout.ms");
    return millis == null ? SESSION : Duration.ofMillis(Long.parseLong(millis.toString()));
  }

  private static Duration closeReserve(Duration grace) {
    Duration tenth = grace.dividedBy(10);
    return tenth.compareTo(Duration.ofSeconds(3)) < 0 ? tenth : Duration.ofSeconds(3);
  }

  private static String host() {
    return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
  }

  /// The control log as the loop wants it.
  private record Following(ControlLog log) implements Control {
    @Override
    public ControlView view() {
      return log.view();
    }

    @Override
    public long refresh() {
      return log.refresh();
    }

    @Override
    public long answered() {
      return log.answered();
    }

    @Override
    public Optional<String> problem() {
      return log.problem();
    }
  }

  /// The loop's own traces.
  private record Ends(Traces traces, TraceStore store) implements EndTraces {
    @Override
    public ProducerRecord<byte[], byte[]> trace(
        EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
      return store.toRecord(traces.withoutHandler(event, canvas, outcome, reason, now));
    }

    @Override
    public ProducerRecord<byte[], byte[]> undecodable(
        ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
      return store.toRecord(traces.undecodable(record, Optional.empty(), reason, now));
    }
  }
}
