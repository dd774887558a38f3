package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import dev.nightshift.worker.ParentProcess;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.NamedPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A Kafka, a worker and a scheduler on this machine, for who writes handlers.
@Command(
    name = "dev",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a Kafka, a worker and a scheduler on this machine until it is interrupted.",
      "The worker is started again when it ends, and when the JARs in its folder change.",
      "What was emitted is kept, and what waits goes on, when it is started again."
    },
    footer = {
      "",
      "Ctrl-C lets what runs finish, for up to 25 s, and ends with 130; a second Ctrl-C does not wait.",
      "",
      "Example: nightshift dev --handlers target/handlers"
    })
public final class DevCommand implements Callable<Integer> {
  private static final Duration TURN = Duration.ofMillis(200);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  /// The worker's grace, and a little for its process to end.
  private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

  /// A Kafka whose parent was killed is gone by then.
  private static final Duration FORMER_MAX = Duration.ofSeconds(20);

  @Spec private CommandSpec command;

  @Option(
      names = "--handlers",
      paramLabel = "DIR",
      description = "The folder with the handler JARs (default: those of the example quakes).")
  private @Nullable Path handlers;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where Kafka listens, on this machine only; 0 for any free port (default: 9092).")
  private int port = 9092;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where Kafka keeps its data (default: .nightshift in the current folder).")
  private Path data = Path.of(".nightshift");

  @Option(names = "--fresh", description = "Drops what was kept there before.")
  private boolean fresh;

  @Option(names = "--home", hidden = true)
  private Path home = Path.of(System.getProperty("nightshift.home", "."));

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > 65_535) {
      throw Commands.wrong(
          command, List.of("port " + port + " is not allowed: 1 to 65535, or 0 for any free port"));
    }
    Path jars = handlersFolder();
    long begin = System.nanoTime();
    try (StopSignals signals = StopSignals.take();
        DevFolder folder = DevFolder.take(data)) {
      awaitFormer(folder, signals);
      if (fresh && folder.hasData()) {
        folder.drop();
        say("dropped what was kept in " + folder.path());
      }
      say("starting Kafka in a process of its own …");
      try (LocalKafkaProcess kafka = signals.interruptibly(() -> startKafka(folder))) {
        // One that has ended already is told of below.
        Optional<ProcessHandle> process = ProcessHandle.of(kafka.pid());
        if (process.isPresent()) {
          folder.note(process.get(), kafka.bootstrapServers());
        }
        String signal = new Run(folder, kafka, signals, begin).until(jars);
        say("ended; what was emitted is kept in " + folder.path());
        return exitCode(signal);
      }
    } catch (StopSignals.StoppedException e) {
      say("ended before all had started");
      return exitCode(e.signal());
    }
  }

  private static int exitCode(String signal) {
    return signal.equals(StopSignals.INTERRUPT) ? ExitCode.INTERRUPTED : ExitCode.DONE;
  }

  private Path handlersFolder() {
    Path folder = handlers;
    if (folder == null) {
      folder = home.resolve("examples/quakes/target/handlers");
      if (!Files.isDirectory(folder)) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "the example's handlers are not built: there is no folder "
                + folder.toAbsolutePath()
                + ". Build them with: mvn -DskipTests package, or name the folder of your own handler"
                + " JARs with --handlers DIR");
      }
    } else {
      NamedPath.problemWithHandlers(folder)
          .ifPresent(problem -> {
            throw Commands.wrong(command, List.of(problem));
          });
    }
    return folder.toAbsolutePath().normalize();
  }

  private static void awaitFormer(DevFolder folder, StopSignals signals) {
    Optional<ProcessHandle> former = folder.formerKafka();
    if (former.isEmpty()) {
      return;
    }
    long pid = former.get().pid();
    say("the Kafka of an earlier run (process " + pid + ") is still about to end …");
    long end = System.nanoTime() + FORMER_MAX.toNanos();
    while (former.get().isAlive()) {
      if (System.nanoTime() - end >= 0) {
        throw new CommandException(
            ExitCode.REFUSED,
            "the Kafka of an earlier run (process "
                + pid
                + ") has not ended within "
                + Durations.text(FORMER_MAX)
                + " and holds the data in "
                + folder.path()
                + ". End it: kill "
                + pid);
      }
      Optional<String> signal = signals.await(TURN);
      if (signal.isPresent()) {
        throw new StopSignals.StoppedException(signal.get());
      }
    }
  }

  private LocalKafkaProcess startKafka(DevFolder folder) {
    LocalKafka.Settings settings =
        LocalKafka.Settings.defaults().withPort(port).withDataDirectory(folder.kafka());
    try {
      return LocalKafkaProcess.start(settings);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof BindException) {
        throw portTaken();
      }
      throw new CommandException(ExitCode.FAILED, "Kafka cannot be started: " + e.getCause());
    } catch (IllegalStateException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private CommandException portTaken() {
    return new CommandException(
        ExitCode.REFUSED,
        "port "
            + port
            + " of this machine is taken by "
            + PortOwner.of(port).orElse("another program")
            + ". End that, or choose another port with --port PORT, 0 for any free one");
  }

  private static void say(String what) {
    System.err.println("nightshift dev: " + what);
  }

  /// From the start of the worker to the end of all.
  private record Run(DevFolder folder, LocalKafkaProcess kafka, StopSignals signals, long begin) {

    /// @return the signal that ended it
    String until(Path handlers) throws IOException {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      TopicPlan plan = TopicPlan.standard();
      signals.interruptibly(() -> init(client, plan));
      ChildProcess.Launch launch =
          ChildProcess.Launch.worker(
              kafka.bootstrapServers(),
              handlers,
              folder.scratch(),
              Redirect.INHERIT,
              "--allow-empty");
      try (FollowedLog<WorkersView> workers = WorkersLog.start(client, plan, ANSWER_MAX);
          DevWorker worker =
              new DevWorker(handlers, launch, workers::view, DevCommand::say, System.nanoTime());
          DevScheduler scheduler =
              new DevScheduler(
                  ChildProcess.Launch.scheduler(
                      kafka.bootstrapServers(), folder.scratch(), Redirect.INHERIT),
                  DevCommand::say)) {
        say("starting a worker …");
        String signal = work(worker, scheduler, handlers);
        scheduler.stop();
        drain(worker);
        return signal;
      }
    }

    private static Set<String> init(Map<String, Object> client, TopicPlan plan) {
      try (Fleet fleet = Fleet.of(client, plan, ANSWER_MAX)) {
        return fleet.init(OptionalInt.of(1));
      }
    }

    private String work(DevWorker worker, DevScheduler scheduler, Path handlers) {
      boolean ready = false;
      while (true) {
        checkKafka();
        Optional<List<QueueName>> queues = worker.turn(System.nanoTime());
        if (queues.isPresent() && !ready) {
          ready = true;
          double seconds = (System.nanoTime() - begin) / 1e9;
          System.out.println(
              new DevGuide(kafka.bootstrapServers(), folder.path(), handlers)
                  .text(queues.get(), seconds));
        } else {
          queues.ifPresent(now -> say("the worker runs " + now));
        }
        if (ready) {
          // Two that start at once would only hold up each other.
          scheduler.turn(System.nanoTime());
        }
        Optional<String> signal = signals.await(TURN);
        if (signal.isPresent()) {
          return signal.get();
        }
      }
    }

    private void drain(DevWorker worker) {
      Optional<ChildProcess> process = worker.process().filter(ChildProcess::alive);
      if (process.isEmpty()) {
        return;
      }
      say("the worker drains …");
      process.get().drain();
      long begun = System.nanoTime();
      long end = begun + DRAIN_MAX.toNanos();
      while (process.get().alive() && System.nanoTime() < end) {
        checkKafka();
        if (signals.await(TURN).isPresent() && ParentProcess.isSecondOrder(begun)) {
          process.get().handBack();
        }
      }
    }

    // A worker without its Kafka could only wait for it.
    private void checkKafka() {
      if (kafka.onExit().isDone()) {
        throw new CommandException(
            ExitCode.FAILED,
            "Kafka (process "
                + kafka.pid()
                + ") ended without being told to; why may stand at the end of "
                + kafka.dataDirectory().resolve("broker.log")
                + ". All is stopped. What was emitted is kept, and goes on when nightshift dev is"
                + " started again");
      }
    }
  }
}
