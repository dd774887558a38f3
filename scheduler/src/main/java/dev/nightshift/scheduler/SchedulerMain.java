package dev.nightshift.scheduler;

import dev.nightshift.common.Durations;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.admin.SchedulerAdmin;
import dev.nightshift.worker.ParentProcess;
import dev.nightshift.worker.command.AdminOptions;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.Defaults;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.EffectiveSettings;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.LastResort;
import dev.nightshift.worker.command.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
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

/// A scheduler as a process. TERM and INT end it within 5 s.
@Command(
    name = "scheduler",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Emits events when they are due, keeps the fleet tidy, and decides how many workers are wanted.",
      "Two or more may run: each takes a part of the work, and the others take over from one that ends."
    },
    footer = {
      "",
      "Ends with 0 when it was told to end.",
      "",
      "Example: nightshift scheduler --bootstrap-server kafka:9092"
    })
public final class SchedulerMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("nightshift.scheduler");

  /// What is not closed by then is left to the next owner, as if the process had been killed.
  private static final Duration END_MAX = Duration.ofMillis(4_500);

  @Spec private CommandSpec command;

  @Mixin private Connection connection = new Connection();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "This scheduler's name, as traces and dead letters say it (default: a random one).")
  private String name = "scheduler-" + UUID.randomUUID().toString().substring(0, 8);

  @Option(
      names = "--upkeep-every",
      paramLabel = "DURATION",
      description =
          "How often one of the schedulers does what keeps the fleet tidy: removes from the log what"
              + " has ended, and so on (default: 30s).",
      converter = DurationConverter.class)
  private Duration upkeepEvery = UpkeepSettings.DEFAULT.every();

  @Option(
      names = "--repair-retention",
      description =
          "Sets topics right that somebody has altered so that events would be lost; otherwise it is"
              + " only said. Takes the right AlterConfigs.")
  private boolean repairRetention;

  @Mixin private AdminOptions adminOptions = new AdminOptions();

  @Option(
      names = "--scale-every",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How often it is decided how many workers are wanted (default: 5s).")
  private Duration scaleEvery = ScaleSettings.DEFAULT.every();

  @Option(
      names = "--scale-cool-down",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "For so long fewer workers must have been enough before fewer are wanted (default:"
              + " 1m).")
  private Duration scaleCoolDown = ScaleSettings.DEFAULT.coolDown();

  @Option(
      names = "--scale-command",
      paramLabel = "COMMAND",
      description =
          "Run when another number of workers is wanted, with {n} for the number: 'docker compose"
              + " up -d --scale worker={n}'. No shell reads it; quotes keep blanks together.")
  private @Nullable String scaleCommand;

  @Option(
      names = "--partitions-max",
      paramLabel = "N",
      description =
          "A canvas whose partitions are too few for the workers that it needs is given more, up to"
              + " this; 0: none are added (default: ${DEFAULT-VALUE}).")
  private int partitionsMax = ScaleSettings.DEFAULT.partitionsMax();

  @Option(
      names = Defaults.FILE_OPTION,
      paramLabel = "FILE",
      description =
          "A properties file with any of these settings (admin-port=9465), and with Kafka's as"
              + " kafka.NAME.")
  @SuppressWarnings("UnusedVariable") // Defaults look at it, before picocli does.
  private @Nullable Path config;

  /// For programs that start schedulers of their own, see [ParentProcess].
  @Option(names = ParentProcess.OPTION, hidden = true)
  private boolean withParent;

  /// Runs a scheduler.
  public static void main(String[] args) {
    CommandLine line = Commands.line(new SchedulerMain()).setCommandName("nightshift scheduler");
    Defaults.install(line, List.of(args));
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() {
    if (withParent) {
      ParentProcess.bind(() -> {});
    }
    Map<String, Object> client = connection.client(Defaults.of(command).kafka());
    SchedulerSettings settings = settings(client);
    LOG.info(
        "scheduler {} starts with:\n  {}",
        name,
        String.join("\n  ", EffectiveSettings.of(command, client)));
    Optional<SchedulerAdmin> opened = adminOptions.open(SchedulerAdmin::open);
    if (opened.isEmpty()) {
      return run(settings, SchedulerMain::log, scheduler -> {});
    }
    try (SchedulerAdmin admin = opened.get()) {
      LOG.info("scheduler {} serves health and metrics on http:/{}", name, admin.address());
      client.putAll(admin.clientSettings());
      Consumer<SchedulerEvent> events = SchedulerMain::log;
      return run(
          settings(client),
          events.andThen(admin),
          scheduler -> {
            admin.watch(scheduler::status);
            admin.watchScale(scheduler::decision);
          });
    }
  }

  private int run(
      SchedulerSettings settings, Consumer<SchedulerEvent> events, Consumer<Scheduler> started) {
    try (Scheduler scheduler = Scheduler.start(settings, events)) {
      started.accept(scheduler);
      listen(scheduler, withParent ? List.of("TERM") : List.of("TERM", "INT"));
      LOG.info("scheduler {} has started", name);
      scheduler.run();
    } catch (SchedulerException e) {
      LOG.error("{}", e.getMessage(), e.getCause());
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    LOG.info("scheduler {} has ended", name);
    return ExitCode.DONE;
  }

  private SchedulerSettings settings(Map<String, Object> client) {
    SchedulerSettings settings =
        new SchedulerSettings(
            client,
            connection.plan(),
            name,
            new ScaleSettings(
                scaleEvery, scaleCoolDown, partitionsMax, Optional.ofNullable(scaleCommand)),
            new UpkeepSettings(upkeepEvery, repairRetention));
    List<String> problems = new ArrayList<>(Defaults.of(command).problems(command));
    problems.addAll(settings.problems());
    if (!problems.isEmpty()) {
      throw Commands.wrong(command, problems);
    }
    return settings;
  }

  private static void listen(Scheduler scheduler, List<String> orders) {
    for (String signal : orders) {
      Signal.handle(
          new Signal(signal),
          received -> {
            LastResort.endAfter(
                END_MAX,
                "nightshift scheduler: not all is closed within "
                    + Durations.text(END_MAX)
                    + ": it ends as it is. What it was writing is left to the scheduler that takes"
                    + " over",
                ExitCode.FAILED);
            scheduler.stop();
          });
    }
  }

  private static void log(SchedulerEvent event) {
    switch (event) {
      case SchedulerEvent.Fired fired -> LOG.trace("{}", fired);
      case SchedulerEvent.Ended ended -> LOG.trace("{}", ended);
      case SchedulerEvent.Owned owned -> LOG.info("{}", owned);
      case SchedulerEvent.Released released -> LOG.info("{}", released);
      case SchedulerEvent.Fenced fenced -> LOG.warn("{}", fenced);
      case SchedulerEvent.FiringDelayed delayed -> LOG.warn("{}", delayed);
      case SchedulerEvent.FiringGoesOn goesOn -> LOG.info("{}", goesOn);
      case SchedulerEvent.TopicRests rests -> LOG.warn("{}", rests);
      case SchedulerEvent.TopicGoesOn goesOn -> LOG.info("{}", goesOn);
      case SchedulerEvent.Refused refused -> LOG.warn("{}", refused);
      case SchedulerEvent.FollowingDelayed delayed -> LOG.warn("{}", delayed);
      case SchedulerEvent.FollowingGoesOn goesOn -> LOG.info("{}", goesOn);
      case SchedulerEvent.Scaled scaled -> LOG.info("{}", scaled);
      case SchedulerEvent.ScalingDelayed delayed -> LOG.warn("{}", delayed);
      case SchedulerEvent.ScalingGoesOn goesOn -> LOG.info("{}", goesOn);
      case SchedulerEvent.PartitionsAdded added -> LOG.info("{}", added);
      case SchedulerEvent.PartitionsNotAdded not -> LOG.warn("{}", not);
      case SchedulerEvent.ScaleCommandRan ran -> LOG.info("{}", ran);
      case SchedulerEvent.ScaleCommandFailed failed -> LOG.warn("{}", failed);
      case SchedulerEvent.Trimmed trimmed -> LOG.debug("{}", trimmed);
      case SchedulerEvent.TrimRefused refused -> LOG.warn("{}", refused);
      case SchedulerEvent.TrimGoesOn goesOn -> LOG.info("{}", goesOn);
      case SchedulerEvent.FlagTidied tidied -> LOG.info("{}", tidied);
      case SchedulerEvent.CronsTidied tidied -> LOG.info("{}", tidied);
      case SchedulerEvent.TopicUnsafe unsafe -> {
        if (unsafe.isNew()) {
          LOG.warn("{}", unsafe);
        }
      }
      case SchedulerEvent.TopicSafe safe -> LOG.info("{}", safe);
      case SchedulerEvent.TopicRepaired repaired -> LOG.warn("{}", repaired);
      case SchedulerEvent.UpkeepDelayed delayed -> LOG.warn("{}", delayed);
      case SchedulerEvent.UpkeepGoesOn goesOn -> LOG.info("{}", goesOn);
    }
  }
}
