package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import dev.nightshift.worker.command.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A copy of an event, from one of its traces. For one thread.
final class Replay {
  /// Workers cut the values of headers in traces there, and leave out headers beyond the sum.
  private static final int HEADER_BYTES_MAX = 1_000;

  private static final int HEADERS_BYTES_SURE = 15_000;

  private static final String LOST_HEADERS = "lost its headers";

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
    int kept = trace.getInput().remaining();
    if (kept < trace.getInputBytes()) {
      return Optional.of(
          "its trace has only the first "
              + kept
              + " of its "
              + trace.getInputBytes()
              + " bytes. Emit it again from where it came");
    }
    return headersAreWhole()
        ? Optional.empty()
        : Optional.of(
            "its trace may not have all its headers, or not whole: they were too large. Emit it"
                + " again from where it came");
  }

  private boolean headersAreWhole() {
    int sum = 0;
    for (Map.Entry<String, String> header : trace.getHeaders().entrySet()) {
      int bytes = header.getValue().getBytes(UTF_8).length;
      if (bytes >= HEADER_BYTES_MAX) {
        return false;
      }
      sum += bytes + header.getKey().length();
    }
    return sum < HEADERS_BYTES_SURE
        && !Optional.ofNullable(trace.getReason()).orElse("").contains(LOST_HEADERS);
  }

  /// Emits it; returns when Kafka has it durably.
  ///
  /// @throws dev.nightshift.common.FleetException if Kafka refuses it or does not answer; it may be
  ///   stored in the latter case
  void emit(Connection connection, Canvas canvas) {
    Map<String, Object> client = connection.client();
    Cluster cluster = Cluster.of(client, Connection.ANSWER_MAX);
    String doing = "emit event " + id + " into " + canvas.topic();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ClientConfig.producer(client, settings()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record(canvas)).get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw cluster.failure(doing, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw cluster.failure(doing, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static Map<String, Object> settings() {
    int wait = Math.toIntExact(Connection.ANSWER_MAX.toMillis());
    return Map.of(
        "acks",
        "all",
        "enable.idempotence",
        "true",
        "linger.ms",
        "0",
        "max.block.ms",
        wait,
        "delivery.timeout.ms",
        wait,
        "request.timeout.ms",
        wait / 2);
  }

  /// As it was emitted, with a new id and time.
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
        new EventRecords(trace.getSource())
            .record(emission, canvas, id, Optional.empty(), Instant.now());
    record.headers().add(EventHeaders.REPLAY_OF, trace.getEventId().getBytes(UTF_8));
    return record;
  }
}
