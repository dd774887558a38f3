package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.Names;
import dev.nightshift.common.backlog.EventPlace;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Emits a copy of an event that has ended.
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Emits a copy of an event that has ended, and prints the copy's id.",
      "It is made from the input in the event's trace: same queue, payload, source and headers; a new"
          + " id and time, and the header ns-replay-of with the id of the first. Each call emits one"
          + " more. What has died is redriven instead: nightshift dead redrive. An id that is no UUIDv7"
          + " is looked for in all traces there are. Where several events have the same id, say which"
          + " is meant."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event replay 0199… --reason 'the provider has corrected its data'",
      "  nightshift event replay order-17 shop/mail --dry-run"
    })
final class EventReplayCommand implements Callable<Integer> {
  private static final int SHOWN_MAX = 10;

  @Mixin private ChosenEvent event;

  @Option(
      names = "--origin",
      paramLabel = "TOPIC/PARTITION/OFFSET",
      description = "Which is meant of several events with this id: that which was emitted there.")
  private @Nullable String origin;

  @Mixin private SearchStart start;

  @Option(names = "--dry-run", description = "Only say what would be emitted.")
  private boolean dryRun;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    SearchStart.Start from = start.of(event.id(), Optional.empty(), Instant.now());
    EventState state = new EventLookup(connection, event.id()).look(from.from());
    if (!state.known()) {
      throw EventGetCommand.notFound(Names.quoted(event.id()), from, connection.plan());
    }
    Trace trace = ended(state, from.from());
    Replay replay = new Replay(trace);
    replay
        .obstacle()
        .ifPresent(why -> {
          throw refused(why);
        });
    try (Fleet fleet = connection.fleet()) {
      Canvas canvas = canvas(fleet, trace.getCanvas());
      String queue = EventTraces.queue(trace);
      if (dryRun) {
        print(
            "a copy of event %s would be emitted into %s (%d bytes)"
                .formatted(event.id(), queue, trace.getInputBytes()),
            event.id(),
            trace);
        return ExitCode.DONE;
      }
      String copy = replay.id();
      fleet.audit(
          "event replay", queue, "event " + event.id(), "event " + copy, actor.cause(reason));
      replay.emit(connection, canvas);
      print(copy, copy, trace);
      return ExitCode.DONE;
    }
  }

  // The one that is meant. Whether another of this id waits somewhere does not matter.
  private Trace ended(EventState state, Instant since) {
    if (state.place().filter(this::isMeant).isPresent()) {
      throw refused(withoutTrace(state));
    }
    List<Trace> all = EventTraces.ofEach(state.place().isEmpty() ? state.traces() : read(since));
    List<Trace> meant = all.stream().filter(this::isMeant).toList();
    if (meant.size() > 1) {
      throw several(meant);
    }
    if (meant.isEmpty() && !all.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no event "
              + Names.quoted(event.id())
              + " that ended there; with this id there ended: "
              + shown(all)
              + ". Nothing was emitted");
    }
    return meant.stream().findFirst().orElseThrow(() -> refused(withoutTrace(state)));
  }

  private List<Trace> read(Instant since) {
    try (EventTraces traces = new EventTraces(connection, event.id(), since)) {
      return traces.read().found();
    }
  }

  private boolean isMeant(EventPlace place) {
    return isMeant(place.canvas() + "/" + place.event().queue(), place.event().origin());
  }

  private boolean isMeant(Trace trace) {
    return isMeant(EventTraces.queue(trace), trace.getOrigin());
  }

  private boolean isMeant(String queue, String from) {
    return event.isMeant(queue) && (origin == null || from.equals(origin));
  }

  private CommandException several(List<Trace> ended) {
    Trace first = ended.get(0);
    String queue = EventTraces.queue(first);
    boolean queueSays =
        ended.stream().filter(each -> EventTraces.queue(each).equals(queue)).count() == 1;
    return new CommandException(
        ExitCode.USAGE,
        "several events with the id "
            + Names.quoted(event.id())
            + " have ended: "
            + shown(ended)
            + ". Say which is meant, such as: nightshift event replay "
            + event.id()
            + " "
            + queue
            + (queueSays ? "" : " --origin " + first.getOrigin())
            + ". Nothing was emitted");
  }

  private static String shown(List<Trace> ended) {
    return ended.stream()
            .limit(SHOWN_MAX)
            .map(each ->
                "%s, emitted at %s (%s %s)"
                    .formatted(
                        EventTraces.queue(each),
                        each.getOrigin(),
                        each.getOutcome(),
                        each.getEndedAt()))
            .collect(Collectors.joining("; "))
        + (ended.size() > SHOWN_MAX ? "; …" : "");
  }

  private static String withoutTrace(EventState state) {
    return state
        .letter()
        .map(found ->
            "it has died, and its trace is gone: emit it again with: nightshift dead redrive "
                + found.letter().id())
        .orElseGet(() ->
            state.state().equals("ended")
                ? "it has no trace with its payload"
                : "it has not ended: it is " + state.sentence(Instant.now()));
  }

  private void print(String text, String name, Trace trace) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dryRun", dryRun);
    if (!dryRun) {
      fields.put("id", name);
    }
    fields.put("replayOf", event.id());
    fields.put("canvas", trace.getCanvas());
    fields.put("queue", trace.getQueue());
    fields.put("payloadBytes", trace.getInputBytes());
    output.print(text, name, fields);
  }

  private Canvas canvas(Fleet fleet, String name) {
    try {
      return fleet.existing(name);
    } catch (FleetException.UnknownCanvas e) {
      throw new CommandException(ExitCode.NOT_FOUND, text(String.valueOf(e.getMessage())));
    }
  }

  private CommandException refused(String why) {
    return new CommandException(ExitCode.REFUSED, text(why));
  }

  private String text(String why) {
    return "event "
        + Names.quoted(event.id())
        + " cannot be replayed: "
        + why
        + ". Nothing was emitted";
  }
}
