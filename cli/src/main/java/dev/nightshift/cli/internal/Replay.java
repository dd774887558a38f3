package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// A copy of an event, from one of its traces. For one thread.
final class Replay {
  private final Trace trace;
  private final String id = EventRecords.newId();

  Replay(Trace trace) {
    this.trace = trace;
  }

  /// The copy's id.
  String id() {
    return id;
  }

  /// Why there can be no faithful copy; empty if there can.
  Optional<String> obstacle() {
    String outcome = trace.getOutcome();
    if (outcome.equals("undecodable")) {
      return Optional.of("it is no event: " + trace.getReason());
    }
    if (outcome.equals("exhausted")) {
      return Optional.of(
          "it has died. Emit it again with: nightshift dead redrive " + trace.getEventId());
    }
    if (TraceReasons.isNotBuilt(trace)) {
      return Optional.of(
          "its trace could not be built, and has neither its payload nor its headers. Emit it again"
              + " from where it came");
    }
    int kept = trace.getInput().remaining();
    if (kept < trace.getInputBytes()) {
      return Optional.of(
          "its trace has only the first "
              + kept
              + " of its "
              + trace.getInputBytes()
              + " bytes. Emit it again from where it came");
    }
    return TraceReasons.hasAllHeaders(trace)
        ? Optional.empty()
        : Optional.of(
            "its trace does not have all its headers as they were. Emit it again from where it"
                + " came");
  }

  /// Emits it; returns when Kafka has it durably.
  ///
  /// @throws FleetException if Kafka refuses it
  /// @throws CommandException if Kafka does not answer: it may be stored
  void emit(Connection connection, Canvas canvas) {
    EventSend.send(connection, record(canvas), (cluster, why) -> failure(cluster, canvas, why));
  }

  /// What to throw when it is not known to be stored.
  RuntimeException failure(Cluster cluster, Canvas canvas, @Nullable Throwable why) {
    FleetException failure = cluster.failure("emit event " + id + " into " + canvas.topic(), why);
    return failure instanceof FleetException.Unreachable
        ? new CommandException(
            ExitCode.UNREACHABLE,
            failure.getMessage()
                + ". The copy may be stored: before you replay again, look for it with: nightshift"
                + " event get "
                + id)
        : failure;
  }

  /// As it was emitted, with a new id and time; at once, also if it was due later.
  ProducerRecord<byte[], byte[]> record(Canvas canvas) {
    byte[] payload = new byte[trace.getInput().remaining()];
    trace.getInput().duplicate().get(payload);
    Map<String, String> headers = new HashMap<>();
    trace
        .getHeaders()
        .forEach((name, value) -> {
          if (!name.startsWith("ns-")) { // they say what became of that event
            headers.put(name, value);
          }
        });
    Optional.ofNullable(trace.getTraceParent())
        .ifPresent(value -> headers.put(EventHeaders.TRACE_PARENT, value));
    Emission emission =
        new Emission(
            canvas.name(),
            trace.getQueue(),
            payload,
            Optional.ofNullable(trace.getContentType()),
            Optional.of(id),
            headers);
    ProducerRecord<byte[], byte[]> record =
        new EventRecords(trace.getSource(), TopicPlan.standard())
            .record(emission, canvas, id, Optional.empty(), Instant.now());
    record.headers().add(EventHeaders.REPLAY_OF, trace.getEventId().getBytes(UTF_8));
    return record;
  }
}
