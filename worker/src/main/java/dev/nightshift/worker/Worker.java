package dev.nightshift.worker;

import dev.nightshift.common.CanvasRemoval;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.command.Version;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.events.WorkerStatus;
import dev.nightshift.worker.internal.fleet.FleetKills;
import dev.nightshift.worker.internal.fleet.FleetLanes;
import dev.nightshift.worker.internal.fleet.FleetPeers;
import dev.nightshift.worker.internal.fleet.FleetUpkeep;
import dev.nightshift.worker.internal.log.KafkaLog;
import dev.nightshift.worker.internal.log.KafkaLogSettings;
import dev.nightshift.worker.internal.log.LogFatalException;
import dev.nightshift.worker.internal.loop.Control;
import dev.nightshift.worker.internal.loop.EndTraces;
import dev.nightshift.worker.internal.loop.LoopTime;
import dev.nightshift.worker.internal.loop.Mailbox;
import dev.nightshift.worker.internal.loop.Message;
import dev.nightshift.worker.internal.loop.Pulse;
import dev.nightshift.worker.internal.loop.WorkerLoop;
import dev.nightshift.worker.internal.run.AttemptLimits;
import dev.nightshift.worker.internal.run.CarrierGuard;
import dev.nightshift.worker.internal.run.HandlerCatalog;
import dev.nightshift.worker.internal.run.HandlerProblemsException;
import dev.nightshift.worker.internal.run.KafkaTraceStore;
import dev.nightshift.worker.internal.run.RunSetup;
import dev.nightshift.worker.internal.run.TraceStore;
import dev.nightshift.worker.internal.run.Traces;
import dev.nightshift.worker.internal.run.VirtualThreadAttempts;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/// One worker: the loop with everything it needs. Made by one thread, which then calls [#run] and
/// is the loop's thread; the orders ([#drain], [#handBackNow], [#quiet]) may come from any. Not to
/// be used again once it has ended.
public final class Worker implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(30);

  private final Duration grace;
  private final HandlerCatalog catalog;
  private final Mailbox mailbox;
  private final WorkerLoop loop;
  private final FleetPeers peers;
  private final Opened opened;

  private Worker(
      WorkerSettings settings,
      Supplier<HandlerCatalog> handlers,
      Consumer<WorkerEvent> events,
      Opened opened) {
    this.grace = settings.grace();
    this.opened = opened;
    this.catalog = opened.keep(handlers.get());
    int retryPartitions = makeTopics(settings);
    FollowedLog<ControlView> control =
        opened.keep(ControlLog.start(settings.clientConfig(), settings.plan(), START_MAX));
    TraceStore traces = opened.keep(traceStore(settings, events));
    KafkaLogSettings logSettings = logSettings(settings);
    KafkaLog log = opened.keep(new KafkaLog(logSettings));
    control.onChange(log::wakeup);
    Mailbox toLoop = new Mailbox(log::wakeup);
    this.mailbox = toLoop;
    WorkerIdentity identity =
        new WorkerIdentity(settings.name(), MachineName.of(System.getenv("HOSTNAME")));
    VirtualThreadAttempts attempts =
        new VirtualThreadAttempts(
            catalog,
            traces,
            control::view,
            RunSetup.standard(identity, settings.plan(), settings.traces(), events),
            toLoop);
    opened.keep(CarrierGuard.start(attempts::ended, events));
    FleetLanes lanes = opened.keep(new FleetLanes(() -> fleet(settings), events));
    FleetKills kills = opened.keep(new FleetKills(() -> fleet(settings), events));
    this.peers = opened.keep(peers(settings, identity, catalog));
    // Who sets a flag from here on finds this worker and can wait for it; one that was set before
    // is known.
    Cluster.of(settings.clientConfig(), START_MAX)
        .fresh(control, "read the control topic " + settings.plan().control());
    opened.keep(upkeep(settings, control, peers, events));
    this.loop =
        new WorkerLoop(
            LoopBounds.of(settings, logSettings.sessionTimeout(), retryPartitions),
            LoopTime.system(),
            new WorkerLoop.Parts(
                log,
                new Following(control),
                attempts,
                toLoop,
                new WorkerLoop.Others(lanes, peers, kills),
                new Ends(new Traces(identity, AttemptLimits.STANDARD.trace()), traces),
                events));
  }

  /// @return how many partitions the retry topic has
  private static int makeTopics(WorkerSettings settings) {
    try (Fleet fleet = fleet(settings)) {
      fleet.init(settings.replication());
      return fleet.partitions(settings.plan().retry());
    }
  }

  private static Fleet fleet(WorkerSettings settings) {
    return Fleet.of(settings.clientConfig(), settings.plan(), START_MAX);
  }

  private static FleetUpkeep upkeep(
      WorkerSettings settings,
      FollowedLog<ControlView> control,
      FleetPeers peers,
      Consumer<WorkerEvent> events) {
    return new FleetUpkeep(
        new FleetUpkeep.Parts(
            () -> peers.pulse().leads(),
            control::view,
            peers::others,
            () -> CanvasRemoval.of(settings.clientConfig(), settings.plan(), START_MAX),
            events));
  }

  /// Loads the handlers, makes the fleet's topics where they are missing, reads the control log.
  /// Claims nothing yet. After a failure nothing is left open.
  ///
  /// @param events hears what happens; see [WorkerEvent] for the threads
  /// @throws WorkerException if the handlers or the settings of Kafka's clients cannot be used
  /// @throws dev.nightshift.common.FleetException if the cluster cannot be used
  public static Worker start(WorkerSettings settings, Consumer<WorkerEvent> events) {
    return start(settings, () -> handlers(settings, events), events);
  }

  /// The same with handlers that were made already, on this program's own class path, for tests:
  /// held to the same rules as those in JARs. The settings' folder is not looked at.
  ///
  /// @throws WorkerException as [#start(WorkerSettings, Consumer)]
  /// @throws dev.nightshift.common.FleetException as [#start(WorkerSettings, Consumer)]
  public static Worker start(
      WorkerSettings settings, List<? extends Handler> handlers, Consumer<WorkerEvent> events) {
    return start(settings, () -> HandlerTrial.catalog(handlers), events);
  }

  private static Worker start(
      WorkerSettings settings, Supplier<HandlerCatalog> handlers, Consumer<WorkerEvent> events) {
    Opened opened = new Opened();
    try {
      return new Worker(settings, handlers, events, opened);
    } catch (LogFatalException e) {
      opened.closeAfter(e);
      throw new WorkerException.UnusableLog(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  /// The queues that this worker has handlers for, as `canvas/queue`.
  public List<String> queues() {
    return catalog.handlers().stream().map(h -> h.canvas() + "/" + h.queue()).sorted().toList();
  }

  /// How it is; may be called by any thread.
  public WorkerStatus status() {
    Pulse pulse = peers.pulse();
    return new WorkerStatus(
        pulse.state().name().toLowerCase(Locale.ROOT),
        pulse.partitions().isPresent(),
        pulse.partitions().orElse(0),
        pulse.slots(),
        pulse.running(),
        pulse.waiting(),
        pulse.controlOffset(),
        peers.sincePulse());
  }

  /// Works until it is told to stop and has.
  ///
  /// @return how it ended
  /// @throws WorkerException.UnusableLog if Kafka cannot be used any more
  public WorkerEvent.Stopped run() {
    try {
      return loop.run();
    } catch (LogFatalException e) {
      throw new WorkerException.UnusableLog(String.valueOf(e.getMessage()), e);
    }
  }

  /// Claims nothing more, lets handlers finish within the grace period, hands back the rest.
  public void drain() {
    mailbox.order(new Message.Drain(grace));
  }

  /// Hands back what runs, at once.
  public void handBackNow() {
    mailbox.order(new Message.HandBackNow());
  }

  /// Claims nothing more but stays a member, or claims again.
  public void quiet(boolean on) {
    mailbox.order(new Message.Quiet(on));
  }

  /// Frees what is held, after [#run] has returned or thrown, which interrupts what still runs.
  /// Closing twice is safe.
  @Override
  public void close() {
    opened.close();
  }

  private static HandlerCatalog handlers(WorkerSettings settings, Consumer<WorkerEvent> events) {
    HandlerCatalog catalog;
    try {
      catalog = HandlerCatalog.load(settings.handlers());
    } catch (HandlerProblemsException e) {
      throw new WorkerException.UnusableHandlers(String.valueOf(e.getMessage()), e);
    }
    if (catalog.handlers().isEmpty() && !settings.allowEmpty()) {
      catalog.close();
      throw new WorkerException.UnusableHandlers(
          "there are no handlers in "
              + settings.handlers()
              + ": put a handler JAR there, name another folder with --handlers, or start with"
              + " --allow-empty"
              + catalog.jarsWithoutHandlers().stream()
                  .map(jar -> "\n- " + jar + ": " + HandlerCatalog.NAMES_NO_HANDLER)
                  .collect(Collectors.joining()));
    }
    catalog
        .jarsWithoutHandlers()
        .forEach(
            jar -> events.accept(new WorkerEvent.JarIgnored(jar, HandlerCatalog.NAMES_NO_HANDLER)));
    return catalog;
  }

  private static TraceStore traceStore(WorkerSettings settings, Consumer<WorkerEvent> events) {
    try {
      return new KafkaTraceStore(
          settings.clientConfig(),
          settings.plan(),
          AttemptLimits.STANDARD.trace().traceBytesMax(),
          events);
    } catch (KafkaException e) {
      throw Cluster.of(settings.clientConfig(), START_MAX)
          .failure("write to the topic " + settings.plan().traces(), e);
    }
  }

  private static FleetPeers peers(
      WorkerSettings settings, WorkerIdentity identity, HandlerCatalog catalog) {
    Set<QueueName> queues =
        catalog.handlers().stream()
            .map(each -> new QueueName(each.canvas(), each.queue()))
            .collect(Collectors.toSet());
    FollowedLog<WorkersView> log =
        WorkersLog.start(settings.clientConfig(), settings.plan(), START_MAX);
    try {
      return new FleetPeers(
          settings.clientConfig(),
          settings.plan(),
          new FleetPeers.Self(identity, Version.own(), queues, settings.slots()),
          log,
          START_MAX);
    } catch (InterruptException e) {
      log.close();
      throw e;
    } catch (KafkaException e) {
      log.close();
      throw Cluster.of(settings.clientConfig(), START_MAX)
          .failure("write to the topic " + settings.plan().workers(), e);
    }
  }

  private static KafkaLogSettings logSettings(WorkerSettings settings) {
    return new KafkaLogSettings(
        settings.clientConfig(),
        settings.plan(),
        settings.plan().workersGroup(),
        settings.name(),
        KafkaLogSettings.Protocol.CLASSIC);
  }

  /// The control log as the loop wants it.
  private record Following(FollowedLog<ControlView> log) implements Control {
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
