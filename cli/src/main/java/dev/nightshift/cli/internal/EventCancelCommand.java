package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.CancelRequest.Answer;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.DelayedEvent;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Cancels an event that is due later.
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Cancels an event that is to be emitted later, by its id.",
      "A scheduler decides: the command waits for its answer. Exit 0 if the event will not be emitted;"
          + " 4 if it is too late; 3 if there is no such event; 5 if no scheduler has answered in time. The"
          + " request stays then, and counts unless the event was emitted before."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event cancel 0199… --reason 'order withdrawn'",
      "  nightshift event cancel reminder-17 shop/mail --timeout 10s"
    })
final class EventCancelCommand implements Callable<Integer> {
  @Mixin private ChosenEvent chosen;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to wait for the answer, such as 10s (default: 30s).")
  private Duration timeout = Acknowledgement.WAIT_USUAL;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private SearchStart start;
  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    SearchStart.Start from = start.of(chosen.id(), Optional.empty(), Instant.now());
    Optional<DelayedEvent> found = find(from.from());
    return found.isPresent() ? cancel(found.get()) : notDelayed(from);
  }

  private int cancel(DelayedEvent event) {
    try (Fleet fleet = connection.fleet()) {
      fleet.audit(
          "event cancel",
          queue(event),
          "event " + chosen.id() + ", due at " + due(event),
          "asked to be cancelled",
          actor.cause(reason));
    }
    CancelRequest request = new CancelRequest(connection, event);
    request.send(actor.cause(reason).actor());
    return switch (request.await(timeout)) {
      case Answer.Cancelled() -> cancelled(event);
      case Answer.TooLate(Instant firedAt) -> throw tooLate(event, "was emitted at " + firedAt);
      case Answer.Ended(String how) ->
          throw tooLate(event, "had ended before (" + Output.cell(how) + ")");
      case Answer.None() -> throw unanswered(event);
    };
  }

  private Optional<DelayedEvent> find(Instant since) {
    try (Fleet fleet = connection.fleet();
        BacklogReader backlog =
            BacklogReader.of(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      List<DelayedEvent> found =
          backlog.findDelayed(fleet.view(), chosen.id(), since).stream()
              .filter(event -> chosen.isMeant(queue(event)))
              .toList();
      if (found.size() > 1) {
        throw several(found);
      }
      return found.stream().findFirst();
    }
  }

  private CommandException several(List<DelayedEvent> found) {
    return new CommandException(
        ExitCode.USAGE,
        "several canvases have a delayed event with the id "
            + Names.quoted(chosen.id())
            + ": "
            + found.stream()
                .map(each -> queue(each) + ", due at " + due(each))
                .collect(Collectors.joining("; "))
            + ". Say which is meant, such as: nightshift event cancel "
            + chosen.id()
            + " "
            + queue(found.get(0))
            + ". Nothing was cancelled");
  }

  // It may have been emitted, or never been delayed.
  private int notDelayed(SearchStart.Start from) {
    EventState state = new EventLookup(connection, chosen.id()).look(from.from());
    if (state.known() && chosen.isMeant(state.queue())) {
      if (state.outcome().filter(Outcome.CANCELLED::is).isPresent()) {
        output.print(
            "event " + chosen.id() + " of " + state.queue() + " was cancelled before",
            chosen.id(),
            fields(state.queue(), false));
        return ExitCode.DONE;
      }
      throw new CommandException(
          ExitCode.REFUSED,
          "it is too late to cancel event "
              + Names.quoted(chosen.id())
              + " of "
              + state.queue()
              + ": it is not delayed, but "
              + state.sentence(Instant.now())
              + ". Nothing was cancelled");
    }
    throw new CommandException(
        ExitCode.NOT_FOUND,
        "there is no delayed event "
            + Names.quoted(chosen.id())
            + chosen.target().map(wanted -> " of " + wanted).orElse("")
            + " in "
            + connection.plan().delayed()
            + ", which was read from "
            + (from.isBeginning() ? "its beginning" : from.text())
            + ". Check the id. Nothing was cancelled");
  }

  private int cancelled(DelayedEvent event) {
    Map<String, Object> fields = fields(queue(event), true);
    event.place().due().ifPresent(due -> fields.put("dueAt", due.toString()));
    output.print(
        "event "
            + chosen.id()
            + " of "
            + queue(event)
            + ", due at "
            + due(event)
            + ", is cancelled",
        chosen.id(),
        fields);
    return ExitCode.DONE;
  }

  private CommandException tooLate(DelayedEvent event, String itsEnd) {
    return new CommandException(
        ExitCode.REFUSED,
        "it is too late to cancel event "
            + Names.quoted(chosen.id())
            + " of "
            + queue(event)
            + ": it "
            + itsEnd
            + ". See what became of it with: nightshift event get "
            + chosen.id());
  }

  private CommandException unanswered(DelayedEvent event) {
    return new CommandException(
        ExitCode.WAIT_RAN_OUT,
        "no scheduler has answered within "
            + Durations.text(timeout)
            + " whether event "
            + Names.quoted(chosen.id())
            + " of "
            + queue(event)
            + ", due at "
            + due(event)
            + ", is cancelled. The request stays, and counts unless the event was emitted before."
            + " See that a scheduler runs (nightshift scheduler), and where the event is with:"
            + " nightshift event get "
            + chosen.id());
  }

  private Map<String, Object> fields(String queue, boolean changed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", chosen.id());
    fields.put("queue", queue);
    fields.put("cancelled", true);
    fields.put("changed", changed);
    return fields;
  }

  private static String queue(DelayedEvent event) {
    return event.place().canvas() + "/" + event.place().event().queue();
  }

  private static String due(DelayedEvent event) {
    return event.place().due().map(Instant::toString).orElse("an unknown time");
  }
}
