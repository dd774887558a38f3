package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import dev.nightshift.common.record.Trace;
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
import picocli.CommandLine.Parameters;

/// Shows an event's traces.
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the traces of an event, one for each attempt.",
      "A trace has input, result, timing, steps, logs and what was emitted. It is kept for seven days;"
          + " for an id that is no UUIDv7 all traces are read, unless --since is said."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event trace 0199…",
      "  nightshift event trace order-17 --since 2h --wait --timeout 30s"
    })
final class EventTraceCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ID",
      description = "The event's id.",
      converter = EventCommand.Ids.class)
  private String id = "";

  @Mixin private SearchStart start;

  @Option(
      names = {"-w", "--wait"},
      description = "Wait until it has ended; exit 5 if it has not in time.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to wait for it, such as 2m (default: 30s).")
  private Duration timeout = Acknowledgement.WAIT_USUAL;

  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    SearchStart.Start from = start.of(id, Optional.empty(), Instant.now());
    try (EventTraces traces = new EventTraces(connection, id, from.from())) {
      traces.read();
      boolean ended = !wait || traces.await(timeout, () -> false);
      List<Trace> found = traces.found();
      if (!found.isEmpty()) {
        output.print(
            found.stream().map(TraceText::of).collect(Collectors.joining("\n")), id, fields(found));
      }
      if (!ended) {
        throw new CommandException(
            ExitCode.WAIT_RAN_OUT,
            "event "
                + Names.quoted(id)
                + " has no trace of its end after "
                + Durations.text(timeout)
                + "; see where it is with: nightshift event get "
                + id);
      }
      if (found.isEmpty()) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "there is no trace of event "
                + Names.quoted(id)
                + " in "
                + connection.plan().traces()
                + ", which keeps seven days and was read from "
                + from.text()
                + ": the event has not ended yet, or the id is wrong. See where it is with:"
                + " nightshift event get "
                + id);
      }
      return ExitCode.DONE;
    }
  }

  private Map<String, Object> fields(List<Trace> found) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", id);
    fields.put("traces", found.stream().map(TraceFields::all).toList());
    return fields;
  }
}
