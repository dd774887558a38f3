package dev.nightshift.emitter;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;

/// How an [Emitter] works. Immutable.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param source who emits, as the events' `ce_source`
/// @param createCanvases whether a canvas that does not exist is created on its first event
/// @param partitions of a canvas's topic that is created
/// @param replication copies of a topic that is created; the brokers' default if empty
/// @param unacknowledgedBytesMax how much may wait for Kafka, in bytes
/// @param whenFull how long [Emitter#emit] waits for room; zero to fail at once
/// @param confirmTimeout how long Kafka may take to confirm an event
public record EmitterSettings(
    Map<String, Object> clientConfig,
    TopicPlan plan,
    String source,
    boolean createCanvases,
    int partitions,
    OptionalInt replication,
    int unacknowledgedBytesMax,
    Duration whenFull,
    Duration confirmTimeout) {

  /// Keeps a copy of the client's settings.
  public EmitterSettings {
    clientConfig = Map.copyOf(clientConfig);
  }

  /// The usual settings: canvases are created with six partitions and the broker's default of
  /// replicas, 32 MiB may wait, a full buffer makes the caller wait for up to 30 s, Kafka has 30 s
  /// to confirm.
  ///
  /// @param bootstrapServers `host:port`, several with commas
  /// @param source who emits, e.g. the service's name
  public static EmitterSettings of(String bootstrapServers, String source) {
    return new EmitterSettings(
        Map.of("bootstrap.servers", bootstrapServers),
        TopicPlan.standard(),
        source,
        true,
        6,
        OptionalInt.empty(),
        32 << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30));
  }

  /// The same with other settings for all Kafka clients, `bootstrap.servers` among them.
  public EmitterSettings withClientConfig(Map<String, Object> other) {
    return new EmitterSettings(
        other,
        plan,
        source,
        createCanvases,
        partitions,
        replication,
        unacknowledgedBytesMax,
        whenFull,
        confirmTimeout);
  }

  /// The same for another fleet.
  public EmitterSettings withPlan(TopicPlan other) {
    return new EmitterSettings(
        clientConfig,
        other,
        source,
        createCanvases,
        partitions,
        replication,
        unacknowledgedBytesMax,
        whenFull,
        confirmTimeout);
  }

  /// The same, but canvases must exist.
  public EmitterSettings withoutCreatingCanvases() {
    return new EmitterSettings(
        clientConfig,
        plan,
        source,
        false,
        partitions,
        replication,
        unacknowledgedBytesMax,
        whenFull,
        confirmTimeout);
  }

  /// The same with another bound and what happens at it.
  public EmitterSettings withBound(int bytes, Duration waitForRoom) {
    return new EmitterSettings(
        clientConfig,
        plan,
        source,
        createCanvases,
        partitions,
        replication,
        bytes,
        waitForRoom,
        confirmTimeout);
  }

  /// The same with another time for Kafka to confirm.
  public EmitterSettings withConfirmTimeout(Duration timeout) {
    return new EmitterSettings(
        clientConfig,
        plan,
        source,
        createCanvases,
        partitions,
        replication,
        unacknowledgedBytesMax,
        whenFull,
        timeout);
  }

  Map<String, Object> producerConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put("acks", "all");
    config.put("enable.idempotence", "true");
    config.put("compression.type", "lz4");
    config.put("linger.ms", "5");
    // Kafka's own choice stays with one partition until kilobytes went there: slow events in a row
    // would all wait for the same worker.
    config.put("partitioner.class", RoundRobinPartitioner.class);
    config.put("batch.size", Integer.toString(256 << 10));
    config.put("buffer.memory", Long.toString(unacknowledgedBytesMax + (16L << 20)));
    config.put("max.block.ms", Long.toString(confirmTimeout.toMillis()));
    config.put("delivery.timeout.ms", Long.toString(confirmTimeout.toMillis()));
    config.put("request.timeout.ms", Long.toString(Math.max(1, confirmTimeout.toMillis() / 2)));
    return config;
  }
}
