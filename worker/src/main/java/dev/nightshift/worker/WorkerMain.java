package dev.nightshift.worker;

import dev.nightshift.common.Durations;
import dev.nightshift.worker.command.AdminOptions;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.Defaults;
import dev.nightshift.worker.command.EffectiveSettings;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.LastResort;
import dev.nightshift.worker.command.Version;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.admin.AdminPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// A worker as a process. TERM and INT drain it, a second one hands back at once, TSTP claims
/// nothing more.
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Runs the handlers of a folder as one worker of the fleet.",
    footer = {
      "",
      "Ends with 0 after a clean drain, 6 when the grace period ran out and events were handed back.",
      "",
      "Example: nightshift worker --handlers handlers --bootstrap-server kafka:9092"
    })
public final class WorkerMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("nightshift.worker");
  private static final LostAttempts LOST = new LostAttempts();
  private static final long LOST_EVERY_MILLIS = 1_000;

  @Spec private CommandSpec command;

  @Mixin private Connection connection = new Connection();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "This worker's name, unique in the fleet (default: a random one).")
  private String name = "worker-" + UUID.randomUUID().toString().substring(0, 8);

  @Mixin private WorkerOptions options = new WorkerOptions();

  @Mixin private AdminOptions adminOptions = new AdminOptions();

  /// For programs that start workers of their own, see [ParentProcess].
  @Option(names = ParentProcess.OPTION, hidden = true)
  private boolean withParent;

  private volatile Runnable handBack = () -> {};

  /// Runs a worker.
  public static void main(String[] args) {
    CommandLine line = Commands.line(new WorkerMain()).setCommandName("nightshift worker");
    Defaults.install(line, List.of(args));
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() {
    if (withParent) {
      ParentProcess.bind(() -> handBack.run());
    }
    Map<String, Object> client = connection.client(Defaults.of(command).kafka());
    WorkerSettings settings = settings(client);
    LOG.info(
        "worker {} starts with:\n  {}",
        name,
        String.join("\n  ", EffectiveSettings.of(command, client)));
    Optional<AdminPort> opened = adminOptions.open(AdminPort::open);
    if (opened.isEmpty()) {
      return run(settings, WorkerMain::log, worker -> {});
    }
    try (AdminPort admin = opened.get()) {
      LOG.info("worker {} serves health and metrics on http:/{}", name, admin.address());
      client.putAll(admin.clientSettings());
      Consumer<WorkerEvent> events = WorkerMain::log;
      return run(settings(client), events.andThen(admin), worker -> admin.watch(worker::status));
    }
  }

  private int run(WorkerSettings settings, Consumer<WorkerEvent> events, Consumer<Worker> started) {
    try (Worker worker = Worker.start(settings, events)) {
      LOG.info("worker {} runs {}", name, worker.queues());
      started.accept(worker);
      listen(worker);
      return worker.run().clean() ? ExitCode.DONE : ExitCode.HANDED_BACK;
    } catch (WorkerException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private WorkerSettings settings(Map<String, Object> client) {
    Defaults defaults = Defaults.of(command);
    // Whoever started it has looked at the rest, which may be its own.
    List<String> problems =
        withParent ? defaults.fileProblem().stream().toList() : defaults.problems(command);
    return options.settings(client, connection.plan(), name, problems);
  }

  // The second order to stop is obeyed at once; a parent gives that one otherwise.
  private void listen(Worker worker) {
    AtomicReference<@Nullable Long> begun = new AtomicReference<>();
    SignalHandler stop =
        received -> {
          Long first = begun.compareAndExchange(null, System.nanoTime());
          if (first == null) {
            drain(worker, options.grace());
          } else if (!withParent && ParentProcess.isSecondOrder(first)) {
            worker.handBackNow();
          }
        };
    handBack = worker::handBackNow;
    Signal.handle(new Signal("TERM"), stop);
    if (!withParent) {
      Signal.handle(new Signal("INT"), stop);
    }
    Signal.handle(new Signal("TSTP"), received -> worker.quiet(true));
    Signal.handle(new Signal("CONT"), received -> worker.quiet(false));
  }

  private static void drain(Worker worker, Duration grace) {
    LastResort.endAfter(
        grace,
        "nightshift worker: the grace period of "
            + Durations.text(grace)
            + " is over, and not all is written or closed: it ends as it is. What it still ran"
            + " counts as lost, and is run elsewhere",
        ExitCode.HANDED_BACK);
    worker.drain();
  }

  private static void log(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.JarIgnored ignored -> LOG.warn("{}: {}", ignored.jar(), ignored.reason());
      case WorkerEvent.LedgerDiscarded alarm -> LOG.error("{}", alarm);
      case WorkerEvent.EventsVanished alarm -> LOG.error("{}", alarm);
      case WorkerEvent.AttemptLost lost -> log(lost);
      case WorkerEvent.DeadLettered dead -> LOG.warn("{}", dead);
      case WorkerEvent.Lost lost -> LOG.warn("{}", lost);
      case WorkerEvent.IgnoresInterrupt ignores -> LOG.warn("{}", ignores);
      case WorkerEvent.TracesDelayed delayed -> LOG.warn("{}", delayed);
      case WorkerEvent.TracesFlowing flowing -> LOG.info("{}", flowing);
      case WorkerEvent.TraceShortened shortened -> LOG.info("{}", shortened);
      case WorkerEvent.TraceGivenUp given -> LOG.error("{}", given);
      case WorkerEvent.TraceNotBuilt not -> LOG.error("{}", not, not.cause());
      case WorkerEvent.CarriersChanged changed -> LOG.info("{}", changed);
      case WorkerEvent.WriteDelayed delayed -> LOG.debug("{}", delayed);
      case WorkerEvent.CanvasGone gone -> LOG.info("{}", gone);
      case WorkerEvent.BreakerOpened opened -> LOG.error("{}", opened);
      case WorkerEvent.BreakerClosed closed -> LOG.info("{}", closed);
      case WorkerEvent.BreakerBehind behind -> LOG.warn("{}", behind);
      case WorkerEvent.UpkeepDelayed delayed -> LOG.warn("{}", delayed);
      case WorkerEvent.LaneDelayed delayed -> LOG.warn("{}", delayed);
      case WorkerEvent.TopicsForbidden forbidden -> LOG.error("{}", forbidden);
      case WorkerEvent.WritesStuck stuck -> LOG.warn("{}", stuck);
      case WorkerEvent.WritesGoOn goOn -> LOG.info("{}", goOn);
      case WorkerEvent.ControlBehind behind -> LOG.warn("{}", behind);
      case WorkerEvent.ControlFollowed followed -> LOG.info("{}", followed);
      case WorkerEvent.NothingAssigned _ ->
          LOG.info(
              "no partition is left for this worker, it idles until one is: there may be more"
                  + " workers than partitions");
      case WorkerEvent.Assigned assigned -> LOG.debug("{}", assigned);
      case WorkerEvent.Revoked revoked -> LOG.debug("{}", revoked);
      case WorkerEvent.Draining draining -> LOG.info("{}", draining);
      case WorkerEvent.Stopped stopped -> {
        LOST.take().forEach(LOG::warn);
        LOG.info("{}", stopped);
      }
      case WorkerEvent.Started started -> LOG.trace("{}", started);
      case WorkerEvent.NotBegun not -> LOG.trace("{}", not);
      case WorkerEvent.Ended ended -> LOG.trace("{}", ended);
    }
  }

  // Each by itself only for who looks closer.
  private static void log(WorkerEvent.AttemptLost lost) {
    LOG.debug("{}", lost);
    if (LOST.add(lost)) {
      CompletableFuture.delayedExecutor(LOST_EVERY_MILLIS, TimeUnit.MILLISECONDS)
          .execute(() -> LOST.take().forEach(LOG::warn));
    }
  }
}
