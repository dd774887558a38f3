package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Emits a copy of an event that has ended.
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Emits a copy of an event that has ended, from the input in its trace, and prints the copy's"
            + " id: same queue, payload, source and headers; a new id and time, and the header ns-replay-of"
            + " with the id of the first. Each call emits one more. What has died is redriven instead:"
            + " nightshift dead redrive. An id that is no UUIDv7 is looked for in all traces there are.",
    footer = {
      "",
      "Examples:",
      "  nightshift event replay 0199… --reason 'the provider has corrected its data'",
      "  nightshift event replay order-17 --dry-run"
    })
final class EventReplayCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ID",
      description = "The event's id.",
      converter = EventCommand.Ids.class)
  private String id = "";

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
    SearchStart.Start from = start.of(id, Optional.empty(), Instant.now());
    EventState state = new EventLookup(connection, id).look(from.from());
    if (!state.known()) {
      throw EventGetCommand.notFound(id, from, connection.plan());
    }
    Trace trace = state.endTrace().orElseThrow(() -> refused(withoutTrace(state)));
    Replay replay = new Replay(trace);
    replay
        .obstacle()
        .ifPresent(why -> {
          throw refused(why);
        });
    try (Fleet fleet = connection.fleet()) {
      Canvas canvas = canvas(fleet, trace.getCanvas());
      String target = trace.getCanvas() + "/" + trace.getQueue();
      if (dryRun) {
        print(
            "a copy of event %s would be emitted into %s (%d bytes)"
                .formatted(id, target, trace.getInputBytes()),
            id,
            trace);
        return ExitCode.DONE;
      }
      String copy = replay.id();
      fleet.audit("event replay", target, "event " + id, "event " + copy, actor.cause(reason));
      replay.emit(connection, canvas);
      print(copy, copy, trace);
      return ExitCode.DONE;
    }
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
    fields.put("replayOf", id);
    fields.put("canvas", trace.getCanvas());
    fields.put("queue", trace.getQueue());
    fields.put("payloadBytes", trace.getInputBytes());
    output.print(text, name, fields);
  }

  private Canvas canvas(Fleet fleet, String name) {
    Canvas canvas =
        fleet
            .view()
            .canvas(name)
            .orElseThrow(() -> refused("there is no canvas " + Names.quoted(name) + " any more"));
    if (canvas.deleted()) {
      throw refused(
          "its canvas "
              + name
              + " (generation "
              + canvas.generation()
              + ") was deleted. Create it again with: nightshift canvas create "
              + name);
    }
    return canvas;
  }

  private CommandException refused(String why) {
    return new CommandException(
        ExitCode.REFUSED,
        "event " + Names.quoted(id) + " cannot be replayed: " + why + ". Nothing was emitted");
  }
}
