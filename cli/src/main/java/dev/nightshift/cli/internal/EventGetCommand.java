package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows where an event is.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Shows where an event is now, and all that is known of it.",
      "Whether it is delayed, waits, runs, is retried or has ended, its headers, its size, and its traces in short."
          + " An id that is no UUIDv7 is looked for in what was stored within the last hour. Where"
          + " several events have the same id, say which is meant."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event get 0199…",
      "  nightshift event get order-17 --since 2d -o json",
      "  nightshift event get order-17 shop/mail"
    })
final class EventGetCommand implements Callable<Integer> {
  private static final Duration BACK = Duration.ofHours(1);

  @Mixin private ChosenEvent event;

  @Mixin private SearchStart start;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    SearchStart.Start from = start.of(event.id(), Optional.of(BACK), now);
    EventLookup lookup = new EventLookup(connection, event.id(), event.target());
    EventState state = lookup.look(from.from());
    if (!state.known()) {
      String of = event.target().map(queue -> " of " + queue).orElse("");
      throw notFound(Names.quoted(event.id()) + of, from, connection.plan());
    }
    if (lookup.queues().size() > 1) {
      throw several(lookup.queues());
    }
    output.print(state.text(now), event.id(), state.fields());
    return ExitCode.DONE;
  }

  private CommandException several(SortedSet<String> queues) {
    return new CommandException(
        ExitCode.USAGE,
        "several events have the id "
            + Names.quoted(event.id())
            + ": "
            + String.join("; ", queues)
            + ". Say which is meant, such as: nightshift event get "
            + event.id()
            + " "
            + queues.getFirst());
  }

  /// @param what its id, quoted, and what else is known of it
  static CommandException notFound(String what, SearchStart.Start from, TopicPlan plan) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        "there is no event "
            + what
            + ": looked for what waits or runs in the canvases' topics, the lanes and "
            + plan.retry()
            + ", and in "
            + plan.traces()
            + " (which keeps seven days), from "
            + from.text()
            + "; and in all of "
            + plan.dead()
            + " and "
            + plan.delayed()
            + ". Check the id"
            + (from.isBeginning()
                ? ""
                : ", or look further back with --since, such as --since 7d"));
  }
}
