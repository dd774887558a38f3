package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows what goes on in a fleet, again each second.
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what goes on in the fleet: its workers, the busiest queues, how much ends each second.",
      "How long handlers take, too, by the traces of the last 10 s. On a terminal again each second,"
          + " until q or Ctrl-C; else once."
    },
    footer = {"", "Example: nightshift top"})
public final class TopCommand implements Callable<Integer> {
  static final Duration EVERY = Duration.ofSeconds(1);

  /// How long is counted or read in each turn.
  private static final Duration COUNT_MAX = Duration.ofMillis(400);

  private static final Duration POLL = Duration.ofMillis(20);
  private static final long TRACES_OF_PARTITION_MAX = 20_000;

  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    try (Fleet fleet = connection.fleet();
        FollowedLog<WorkersView> workers =
            WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX);
        BacklogReader backlogs =
            BacklogReader.of(connection.client(), connection.plan(), Connection.ANSWER_MAX);
        TraceReader traces = new TraceReader(connection.client(), connection.plan())) {
      traces.skipTo(Instant.now().minus(TopEnds.WINDOW), TRACES_OF_PARTITION_MAX);
      Sources sources = new Sources(fleet, workers, backlogs, traces, new TopEnds());
      if (output.isForPeople() && Screen.isThere()) {
        show(sources);
      } else {
        TopReport report = sources.look();
        output.print(
            report.text(false), report.names().collect(Collectors.joining("\n")), report.fields());
      }
      return ExitCode.DONE;
    }
  }

  private static void show(Sources sources) {
    try (Screen screen = Screen.openOther()) {
      do {
        screen.draw(sources.look().text(Screen.hasColors()) + "\n\nq ends it.");
      } while (!screen.pressed('q', EVERY));
    }
  }

  /// What is read again in each turn.
  private record Sources(
      Fleet fleet,
      FollowedLog<WorkersView> workers,
      BacklogReader backlogs,
      TraceReader traces,
      TopEnds ends) {
    // All of it is of one moment. To count what waited then takes a while from there on.
    TopReport look() {
      readTraces();
      Instant now = Instant.now();
      long begun = System.nanoTime();
      List<WorkerBeat> seen = workers.view().lately(now);
      SortedMap<QueueName, TopEnds.Rates> rates = ends.rates(now);
      Backlog backlog = backlogs.begin(fleet.view(), Scope.all());
      boolean exact = backlog.read(COUNT_MAX);
      Duration age = Duration.ofNanos(System.nanoTime() - begun);
      return new TopReport(now, age, seen, backlog.depths(), exact, rates);
    }

    // What comes in faster than it can be read is passed over.
    private void readTraces() {
      long end = System.nanoTime() + COUNT_MAX.toNanos();
      while (!traces.atEnd()) {
        if (System.nanoTime() - end > 0) {
          traces.skipTo(Instant.now(), 0);
          return;
        }
        traces.poll(POLL).forEach(ends::add);
      }
    }
  }
}
