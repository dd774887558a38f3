package dev.nightshift.cli.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// What concerns single events.
@Command(
    name = "event",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Emits events and shows what became of them.")
public final class EventCommand {
  private static final Duration POLL = Duration.ofMillis(200);

  /// Emits one event.
  @Command(
      name = "emit",
      mixinStandardHelpOptions = true,
      description = "Emits one event and prints its id once Kafka has it durably.",
      footer = {
        "",
        "Example:",
        "  nightshift event emit quakes/assess '{\"mag\":5.1}' --bootstrap-server kafka:9092"
      })
  int emit(
      @Parameters(paramLabel = "CANVAS/QUEUE", description = "Where to.", converter = Targets.class)
          Target target,
      @Parameters(paramLabel = "JSON", description = "The payload.", converter = JsonTexts.class)
          JsonText payload,
      @Option(
              names = "--id",
              paramLabel = "ID",
              converter = Ids.class,
              description = "The event's id (default: a new UUIDv7).")
          @Nullable String id,
      @Option(
              names = "--create",
              description = "Creates the canvas, with six partitions, if there is none yet.")
          boolean create,
      @Mixin Connection connection) {
    Emission emission = Emission.ofJson(target.canvas(), target.queue(), payload.text());
    try (Emitter emitter = Emitter.connect(settings(connection, create))) {
      System.out.println(emitter.emit(id == null ? emission : emission.withId(id)).join().id());
      return ExitCode.DONE;
    } catch (CompletionException e) {
      if (e.getCause() instanceof EmitException.UnknownCanvas) {
        throw unknown(target, connection);
      }
      throw e;
    }
  }

  private static EmitterSettings settings(Connection connection, boolean create) {
    EmitterSettings usual =
        EmitterSettings.of("", "nightshift-cli")
            .withClientConfig(connection.client())
            .withPlan(connection.plan())
            .withConfirmTimeout(Connection.ANSWER_MAX);
    return create ? usual : usual.withoutCreatingCanvases();
  }

  private static CommandException unknown(Target target, Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      Optional<String> nearest =
          Nearest.to(
              target.canvas(),
              fleet.view().canvases().stream()
                  .filter(canvas -> !canvas.deleted())
                  .map(Canvas::name)
                  .toList());
      return new CommandException(
          ExitCode.NOT_FOUND,
          "there is no canvas "
              + Names.quoted(target.canvas())
              + nearest
                  .map(name ->
                      "; the nearest that there is is "
                          + Names.quoted(name)
                          + ". Emit into "
                          + name
                          + "/"
                          + target.queue()
                          + ", or create the new canvas with --create")
                  .orElse(", nor any other. Create it with --create")
              + ". Nothing was emitted");
    }
  }

  /// Shows an event's traces.
  @Command(
      name = "trace",
      mixinStandardHelpOptions = true,
      description = "Shows the traces of an event, one for each attempt.",
      footer = {"", "Example: nightshift event trace 0199… --bootstrap-server kafka:9092"})
  int trace(
      @Parameters(paramLabel = "ID", description = "The event's id.", converter = Ids.class)
          String id,
      @Mixin Connection connection) {
    List<Trace> found = new ArrayList<>();
    try (TraceReader reader = new TraceReader(connection.client(), connection.plan())) {
      do {
        reader.poll(POLL).stream()
            .filter(trace -> trace.getEventId().equals(id))
            .forEach(found::add);
      } while (!reader.atEnd());
    }
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no trace of event "
              + Names.quoted(id)
              + " in "
              + connection.plan().traces()
              + ", which keeps seven days: the event has not ended yet, or the id is wrong");
    }
    found.sort(Comparator.comparing(Trace::getEndedAt)); // Redriven, it begins again at attempt 1.
    found.forEach(trace -> System.out.println(TraceText.of(trace)));
    return ExitCode.DONE;
  }

  /// Where an event goes.
  record Target(String canvas, String queue) {}

  /// Reads a target.
  static final class Targets implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
      int slash = text.indexOf('/');
      if (slash < 0) {
        throw new TypeConversionException(
            Names.quoted(text) + " is no queue: write CANVAS/QUEUE, such as quakes/assess");
      }
      Target target = new Target(text.substring(0, slash), text.substring(slash + 1));
      Names.problemWithCanvas(target.canvas())
          .or(() -> Names.problemWithQueue(target.queue()))
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return target;
    }
  }

  /// Reads an event's id.
  static final class Ids implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Names.problemWithEventId(text)
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return text;
    }
  }

  /// Text that is one JSON value; emitted as it was written.
  record JsonText(String text) {}

  /// Looks whether a text is JSON. Quotes that the shell took away are easily forgotten.
  static final class JsonTexts implements ITypeConverter<JsonText> {
    private static final ObjectMapper JSON =
        new ObjectMapper(
            JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build());

    @Override
    public JsonText convert(String text) {
      try (JsonParser parser = JSON.createParser(text)) {
        if (JSON.readTree(parser) == null) {
          throw wrong("it is empty");
        }
        if (parser.nextToken() != null) {
          throw wrong("something follows the first value");
        }
        return new JsonText(text);
      } catch (JsonProcessingException e) {
        throw wrong(
            "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    // The payload itself is not shown.
    private static TypeConversionException wrong(String why) {
      return new TypeConversionException(
          "the payload is no JSON ("
              + why
              + "): write one value in quotes, such as '{\"mag\":5.1}'"
              + " or '\"text\"'");
    }
  }
}
