package dev.nightshift.worker;

import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.HandlerProblemsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/// A worker as a process. TERM and INT drain it, a second one hands back at once, TSTP claims
/// nothing more.
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs the handlers of a folder as one worker of the fleet.",
    footer = {
      "",
      "Ends with 0 after a clean drain, 6 when the grace period ran out and events were handed back.",
      "",
      "Example: nightshift worker --bootstrap-server localhost:9092 --handlers ./handlers"
    })
public final class WorkerMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("nightshift.worker");

  @Mixin private Connection connection = new Connection();

  @Option(
      names = "--handlers",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the handler JARs.")
  private Path handlers = Path.of("handlers");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "This worker's name, unique in the fleet (default: a random one).")
  private String name = "worker-" + UUID.randomUUID().toString().substring(0, 8);

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Handlers at once (default: ${DEFAULT-VALUE}).")
  private int concurrency = 10_000;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "How long a drain may take (default: ${DEFAULT-VALUE}).")
  private int graceSeconds = 25;

  @Option(
      names = "--retry-delays",
      split = ",",
      paramLabel = "MILLIS",
      description =
          "The wait after each lost attempt, in milliseconds (default: 0,10000,60000,300000).")
  private List<Long> retryDelays =
      WorkerSettings.RETRY_DELAYS.stream().map(Duration::toMillis).toList();

  @Option(names = "--allow-empty", description = "Run even without any handler.")
  private boolean allowEmpty;

  /// Runs a worker.
  public static void main(String[] args) {
    System.exit(Commands.line(new WorkerMain()).execute(args));
  }

  @Override
  public Integer call() {
    WorkerSettings settings =
        new WorkerSettings(
            connection.client(),
            connection.plan(),
            name,
            handlers,
            allowEmpty,
            concurrency,
            Duration.ofSeconds(graceSeconds),
            retryDelays.stream().map(Duration::ofMillis).toList(),
            (short) -1);
    try (Worker worker = Worker.start(settings, WorkerMain::log)) {
      LOG.info("worker {} runs {}", name, worker.queues());
      listen(worker);
      return worker.run().clean() ? ExitCode.DONE : ExitCode.HANDED_BACK;
    } catch (HandlerProblemsException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  // The second order to stop is obeyed at once.
  private static void listen(Worker worker) {
    boolean[] draining = new boolean[1];
    for (String signal : List.of("TERM", "INT")) {
      Signal.handle(
          new Signal(signal),
          received -> {
            if (draining[0]) {
              worker.handBackNow();
            } else {
              draining[0] = true;
              worker.drain();
            }
          });
    }
    Signal.handle(new Signal("TSTP"), received -> worker.quiet(true));
    Signal.handle(new Signal("CONT"), received -> worker.quiet(false));
  }

  private static void log(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.LedgerDiscarded alarm -> LOG.error("{}", alarm);
      case WorkerEvent.EventsVanished alarm -> LOG.error("{}", alarm);
      case WorkerEvent.AttemptLost lost -> LOG.warn("{}", lost);
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
      case WorkerEvent.LaneDelayed delayed -> LOG.warn("{}", delayed);
      case WorkerEvent.TopicsForbidden forbidden -> LOG.error("{}", forbidden);
      case WorkerEvent.WritesStuck stuck -> LOG.warn("{}", stuck);
      case WorkerEvent.WritesGoOn goOn -> LOG.info("{}", goOn);
      case WorkerEvent.ControlBehind behind -> LOG.warn("{}", behind);
      case WorkerEvent.ControlFollowed followed -> LOG.info("{}", followed);
      case WorkerEvent.Assigned assigned -> LOG.debug("{}", assigned);
      case WorkerEvent.Revoked revoked -> LOG.debug("{}", revoked);
      case WorkerEvent.Draining draining -> LOG.info("{}", draining);
      case WorkerEvent.Stopped stopped -> LOG.info("{}", stopped);
      case WorkerEvent.Started started -> LOG.trace("{}", started);
      case WorkerEvent.Ended ended -> LOG.trace("{}", ended);
    }
  }
}
