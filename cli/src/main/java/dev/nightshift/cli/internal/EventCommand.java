package dev.nightshift.cli.internal;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What concerns single events.
@Command(
    name = "event",
    mixinStandardHelpOptions = true,
    description = "Emits events and shows what became of them.")
public final class EventCommand {
  private static final int NOT_FOUND = 3;
  private static final int USAGE = 2;
  private static final int FAILED = 1;

  /// Emits one event.
  @Command(
      name = "emit",
      mixinStandardHelpOptions = true,
      description = "Emits one event and prints its id once Kafka has it durably.",
      footer = {
        "",
        "Example: nightshift event emit quakes/assess '{\"mag\":5.1}' --bootstrap-server localhost:9092"
      })
  int emit(
      @Parameters(paramLabel = "CANVAS/QUEUE", description = "Where to.") String target,
      @Parameters(paramLabel = "JSON", description = "The payload.") String payload,
      @Option(names = "--bootstrap-server", required = true, paramLabel = "HOST:PORT")
          String bootstrapServer,
      @Option(names = "--id", description = "The event's id (default: a new UUIDv7).")
          @Nullable String id) {
    int slash = target.indexOf('/');
    if (slash < 0) {
      System.err.println(
          "nightshift: '" + target + "' is no queue: write CANVAS/QUEUE, e.g. quakes/assess");
      return USAGE;
    }
    Emission emission =
        Emission.ofJson(target.substring(0, slash), target.substring(slash + 1), payload);
    try (Emitter emitter = Emitter.connect(EmitterSettings.of(bootstrapServer, "nightshift-cli"))) {
      Emitted emitted = emitter.emit(id == null ? emission : emission.withId(id)).join();
      System.out.println(emitted.id());
      return 0;
    } catch (CompletionException e) {
      if (e.getCause() instanceof EmitException refused) {
        System.err.println("nightshift: " + refused.getMessage());
        return FAILED;
      }
      throw e;
    }
  }

  /// Shows an event's traces.
  @Command(
      name = "trace",
      mixinStandardHelpOptions = true,
      description = "Shows the traces of an event, one for each attempt.",
      footer = {"", "Example: nightshift event trace 0199… --bootstrap-server localhost:9092"})
  int trace(
      @Parameters(paramLabel = "ID", description = "The event's id.") String id,
      @Option(names = "--bootstrap-server", required = true, paramLabel = "HOST:PORT")
          String bootstrapServer) {
    List<Trace> found = new ArrayList<>();
    try (TraceReader reader =
        new TraceReader(
            Map.of("bootstrap.servers", bootstrapServer, "default.api.timeout.ms", "10000"),
            TopicPlan.standard())) {
      do {
        reader.poll(Duration.ofMillis(200)).stream()
            .filter(trace -> trace.getEventId().equals(id))
            .forEach(found::add);
      } while (!reader.atEnd());
    }
    if (found.isEmpty()) {
      System.err.println(
          "nightshift: no trace of event '"
              + id
              + "' within the traces topic's retention (7 days): it has not ended yet, or the id is"
              + " wrong");
      return NOT_FOUND;
    }
    found.sort(Comparator.comparingInt(Trace::getAttempt));
    found.forEach(trace -> System.out.println(TraceText.of(trace)));
    return 0;
  }
}
