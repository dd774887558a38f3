package dev.nightshift.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Rfc3339;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What became of an event: what its trace says. Immutable.
public final class HandlerRun {
  private final Trace trace;
  private final List<Child> children;

  /// An event that a handler emitted.
  ///
  /// @param id its id
  /// @param canvas where it went
  /// @param queue where it went
  /// @param text its payload as text; empty of a run on Kafka, where it is an event of its own to
  ///   be awaited
  /// @param due when it is to be emitted, if later than its parent's end; empty of a run on Kafka
  public record Child(
      String id, String canvas, String queue, Optional<String> text, Optional<Instant> due) {}

  private HandlerRun(Trace trace, List<Child> children) {
    this.trace = trace;
    this.children = children;
  }

  static HandlerRun of(Trace trace) {
    return of(trace, List.of());
  }

  static HandlerRun of(Trace trace, List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, ProducerRecord<byte[], byte[]>> byId = new HashMap<>();
    records.forEach(record -> byId.put(header(record, EventHeaders.ID).orElseThrow(), record));
    return new HandlerRun(
        trace,
        trace.getChildren().stream()
            .map(each -> child(each, Optional.ofNullable(byId.get(each.getEventId()))))
            .toList());
  }

  private static Child child(TraceChild named, Optional<ProducerRecord<byte[], byte[]>> record) {
    return new Child(
        named.getEventId(),
        named.getCanvas(),
        named.getQueue(),
        record.map(HandlerRun::payload),
        record.flatMap(each -> header(each, EventHeaders.DUE)).map(Rfc3339::parse));
  }

  private static String payload(ProducerRecord<byte[], byte[]> record) {
    return record.value() == null ? "" : new String(record.value(), UTF_8);
  }

  private static Optional<String> header(ProducerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), UTF_8));
  }

  /// `completed`, `errored`, `timed_out` or another of the outcomes in `docs/states.md`.
  public String outcome() {
    return trace.getOutcome();
  }

  /// What the handler returned, as text; empty if it was null or could not be stored.
  public Optional<String> result() {
    return Optional.ofNullable(trace.getResult()).map(HandlerRun::text);
  }

  /// What the handler threw, as `TYPE: MESSAGE`.
  public Optional<String> error() {
    TraceError error = trace.getError();
    return error == null
        ? Optional.empty()
        : Optional.of(error.getType() + ": " + error.getMessage());
  }

  /// What else there is to say of the outcome: that the time limit was over, children dropped.
  public Optional<String> reason() {
    return Optional.ofNullable(trace.getReason());
  }

  /// The lines that the handler logged.
  public List<String> logs() {
    return trace.getLogs().stream().map(TraceLog::getLine).toList();
  }

  /// The names of its steps, in the order in which they began.
  public List<String> steps() {
    return trace.getSteps().stream().map(TraceStep::getName).toList();
  }

  /// What it emitted; nothing unless it completed.
  public List<Child> children() {
    return children;
  }

  /// Which attempt it was.
  public int attempt() {
    return trace.getAttempt();
  }

  /// The event's id.
  public String id() {
    return trace.getEventId();
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes.duplicate()).toString();
  }

  @Override
  public String toString() {
    return outcome()
        + error().map(said -> ", threw " + said).orElse("")
        + reason().map(said -> " (" + said + ")").orElse("")
        + result().map(said -> ", returned " + said).orElse("");
  }
}
