package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleLog;
import dev.nightshift.worker.ParentProcess;
import dev.nightshift.worker.WorkerMain;
import dev.nightshift.worker.WorkerOptions;
import dev.nightshift.worker.command.AdminOptions;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.Defaults;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Workers on this machine, as many as are wanted.
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs as many workers on this machine as the scheduler wants, within bounds.",
      "A worker that dies is started again; those that are too many are drained. While no scheduler says how",
      "many are wanted (nightshift scale shows it), as many run as before. All further options are those of",
      "nightshift worker. The number is the whole fleet's: where several machines run workers, give all but one",
      "of them as many as they shall always have (--min 4 --max 4)."
    },
    footer = {
      "",
      "The first worker has the admin port that is said, each further one the next port.",
      "",
      "TERM and Ctrl-C drain all workers; a second one hands back at once. Ends with 0 then, 6 when events were",
      "handed back, 1 when a worker did not end as it should.",
      "",
      "Example: nightshift fleet --max 8 --handlers handlers --bootstrap-server kafka:9092"
    })
public final class FleetCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("nightshift.fleet");
  private static final Duration TURN = Duration.ofMillis(200);
  private static final Duration START_MAX = Duration.ofSeconds(30);

  /// What a worker's process may take beyond its grace period.
  private static final Duration END_MAX = Duration.ofSeconds(5);

  /// Each worker has its own.
  private static final Set<String> NOT_PASSED_ON = Set.of("--name", "--admin-port");

  @Spec private CommandSpec command;

  @Option(
      names = "--min",
      paramLabel = "N",
      description = "As many workers run at least (default: ${DEFAULT-VALUE}).")
  private int min = 1;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "As many workers run at most (default: ${DEFAULT-VALUE}).")
  private int max = 8;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The workers are called NAME-1, NAME-2 and so on, unique in the fleet (default: a random"
              + " one).")
  private String name = "fleet-" + UUID.randomUUID().toString().substring(0, 8);

  @Option(
      names = "--log-dir",
      paramLabel = "DIR",
      description =
          "Each worker's log is added to a file there, DIR/NAME-1.log (default: all of them print"
              + " here, each line with the worker's name).")
  private @Nullable Path logs;

  @Option(
      names = "--jvm",
      paramLabel = "OPTION",
      description =
          "An option of each worker's Java, such as --jvm=-Xmx2g; may be said several times. A worker"
              + " has a heap of 512 MiB unless told otherwise.")
  private List<String> jvm = new ArrayList<>();

  @Mixin private Connection connection = new Connection();
  @Mixin private WorkerOptions options = new WorkerOptions();
  @Mixin private AdminOptions adminOptions = new AdminOptions();

  @Override
  public Integer call() throws IOException {
    Map<String, Object> client = connection.client(Defaults.of(command).kafka());
    TopicPlan plan = connection.plan();
    List<String> problems = new ArrayList<>(Defaults.of(command).problems(command));
    problems.addAll(bounds().problems());
    // All of their names are allowed if the longest is.
    options.settings(client, plan, name + "-" + max, problems);
    Path temporary = Files.createTempDirectory("nightshift-fleet-");
    try (StopSignals signals = StopSignals.take();
        FollowedLog<Optional<ScaleDecision>> decisions =
            signals.interruptibly(() -> follow(client, plan));
        FleetWorkers workers = workers(temporary)) {
      LOG.info(
          "runs {}{} on this machine, called {}-1 and so on",
          min < max ? min + " to " : "",
          FleetSize.count(max),
          name);
      FleetSize size = new FleetSize(min, max);
      do {
        size.hear(decisions.view(), decisions.problem(), Instant.now()).ifPresent(LOG::info);
        workers.want(size.workers(), System.nanoTime());
        workers.turn(System.nanoTime());
      } while (signals.await(TURN).isEmpty());
      return drained(workers, signals);
    } catch (StopSignals.StoppedException e) {
      LOG.info("ended before any worker was started");
      return ExitCode.DONE;
    } finally {
      remove(temporary);
    }
  }

  // What a handler has started may still write there; that is no reason to fail.
  private static void remove(Path temporary) {
    try {
      DevFolder.remove(temporary);
    } catch (IOException e) {
      LOG.warn("the temporary folder {} could not be removed ({})", temporary, e.toString());
    }
  }

  private FleetBounds bounds() {
    return new FleetBounds(min, max, adminOptions.port(), Optional.ofNullable(logs), jvm);
  }

  private static FollowedLog<Optional<ScaleDecision>> follow(
      Map<String, Object> client, TopicPlan plan) {
    try (Fleet fleet = Fleet.of(client, plan, START_MAX)) {
      fleet.init(OptionalInt.empty());
    }
    return ScaleLog.start(client, plan, START_MAX);
  }

  private FleetWorkers workers(Path temporary) {
    FleetLaunch launch = launch(temporary);
    Duration drainMax = options.grace().plus(END_MAX);
    return new FleetWorkers(
        max,
        number ->
            new FleetWorkers.Member(
                new KeptProcess(
                    () -> ChildProcess.start(launch.worker(number), launch.launch(number)),
                    drainMax),
                launch.worker(number),
                launch.lastLines(number)),
        new FleetWorkers.Told(LOG::info, LOG::warn));
  }

  private FleetLaunch launch(Path temporary) {
    return new FleetLaunch(
        name, Optional.ofNullable(logs), temporary, adminOptions.port(), jvm, passedOn());
  }

  /// The options of the command line that are a worker's. Those of the environment and of the file
  /// each worker reads by itself, so that no secrets of theirs stand in lists of processes.
  private List<String> passedOn() {
    CommandSpec worker = new CommandLine(new WorkerMain()).getCommandSpec();
    List<String> passed = new ArrayList<>();
    for (OptionSpec option :
        new LinkedHashSet<>(command.commandLine().getParseResult().matchedOptions())) {
      String longest = option.longestName();
      if (worker.findOption(longest) != null && !NOT_PASSED_ON.contains(longest)) {
        option.originalStringValues().forEach(value -> passed.add(longest + "=" + value));
      }
    }
    return passed;
  }

  private static int drained(FleetWorkers workers, StopSignals signals) {
    LOG.info("{} drain", FleetSize.count(workers.running()));
    long begun = System.nanoTime();
    workers.drain(begun);
    while (workers.running() > 0) {
      if (signals.await(TURN).isPresent() && ParentProcess.isSecondOrder(begun)) {
        LOG.info("{} hand back at once", FleetSize.count(workers.running()));
        workers.handBack();
      }
      workers.turn(System.nanoTime());
    }
    LOG.info("has ended");
    return workers.exitCode();
  }
}
