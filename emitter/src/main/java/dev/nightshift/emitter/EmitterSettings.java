package dev.nightshift.emitter;

import dev.nightshift.common.Durations;
import dev.nightshift.common.EventPartitioner;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// How an [Emitter] works. Immutable; wrong values are refused when it is made, all at once.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param source who emits, as the events' `ce_source`: 1 to [#SOURCE_CHARS_MAX] characters
/// @param createCanvases whether a canvas that does not exist is created on its first event
/// @param partitions of a canvas's topic that is created, 1 to [Fleet#PARTITIONS_MAX]
/// @param replication copies of a topic that is created; the brokers' default if empty
/// @param sharedTopic the topic that canvases which are created share; each gets its own if empty,
///   see [dev.nightshift.common.CanvasTopic]
/// @param unacknowledgedBytesMax how much may wait for Kafka and for what is chained to its
///   futures, in bytes: [#UNACKNOWLEDGED_BYTES_LEAST] to [#UNACKNOWLEDGED_BYTES_MOST]
/// @param whenFull how long [Emitter#emit] waits for room: up to [#WHEN_FULL_MAX], zero to fail at
///   once
/// @param confirmTimeout how long Kafka may take to confirm an event, and to answer whatever else
///   it is asked: [#CONFIRM_TIMEOUT_MIN] to [#CONFIRM_TIMEOUT_MAX]
public record EmitterSettings(
    Map<String, Object> clientConfig,
    TopicPlan plan,
    String source,
    boolean createCanvases,
    int partitions,
    OptionalInt replication,
    Optional<String> sharedTopic,
    int unacknowledgedBytesMax,
    Duration whenFull,
    Duration confirmTimeout) {

  /// The longest source, in characters.
  public static final int SOURCE_CHARS_MAX = 200;

  /// The smallest bound on what is not acknowledged, in bytes.
  public static final int UNACKNOWLEDGED_BYTES_LEAST = 1 << 10;

  /// The largest bound on what is not acknowledged, in bytes.
  public static final int UNACKNOWLEDGED_BYTES_MOST = 1 << 30;

  /// The longest wait for room.
  public static final Duration WHEN_FULL_MAX = Duration.ofHours(1);

  /// The shortest time for Kafka to confirm: it must hold a request and the wait for a batch.
  public static final Duration CONFIRM_TIMEOUT_MIN = Duration.ofMillis(100);

  /// The longest time for Kafka to confirm.
  public static final Duration CONFIRM_TIMEOUT_MAX = Duration.ofHours(1);

  /// Keeps a copy of the client's settings.
  ///
  /// @throws IllegalArgumentException if values are not allowed; the message lists all that are not
  public EmitterSettings {
    clientConfig = Map.copyOf(clientConfig);
    List<String> problems = new ArrayList<>();
    if (source.isBlank()
        || source.length() > SOURCE_CHARS_MAX
        || source.chars().anyMatch(Character::isISOControl)) {
      problems.add(
          "source "
              + Names.quoted(source)
              + " is not allowed: 1 to "
              + SOURCE_CHARS_MAX
              + " characters, none of them a control character, and not only spaces");
    }
    checkRange(problems, "partitions", partitions, 1, Fleet.PARTITIONS_MAX);
    if (replication.isPresent()) {
      checkRange(problems, "replication", replication.getAsInt(), 1, Fleet.REPLICATION_MAX);
    }
    sharedTopic.flatMap(Names::problemWithSharedTopic).ifPresent(problems::add);
    checkRange(
        problems,
        "unacknowledgedBytesMax",
        unacknowledgedBytesMax,
        UNACKNOWLEDGED_BYTES_LEAST,
        UNACKNOWLEDGED_BYTES_MOST);
    checkRange(problems, "whenFull", whenFull, Duration.ZERO, WHEN_FULL_MAX);
    checkRange(
        problems, "confirmTimeout", confirmTimeout, CONFIRM_TIMEOUT_MIN, CONFIRM_TIMEOUT_MAX);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "the emitter's settings are wrong: " + String.join("; ", problems));
    }
  }

  private static void checkRange(
      List<String> problems, String name, int value, int least, int most) {
    if (value < least || value > most) {
      problems.add(name + " " + value + " is not allowed: from " + least + " to " + most);
    }
  }

  private static void checkRange(
      List<String> problems, String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(
          name
              + " "
              + Durations.text(value)
              + " is not allowed: from "
              + Durations.text(least)
              + " to "
              + Durations.text(most));
    }
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
        Optional.empty(),
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
        sharedTopic,
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
        sharedTopic,
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
        sharedTopic,
        unacknowledgedBytesMax,
        whenFull,
        confirmTimeout);
  }

  /// The same, but canvases that are created share a topic: for thousands with few events each. Who
  /// may write that topic may emit into each of them.
  public EmitterSettings withSharedTopic(String name) {
    return new EmitterSettings(
        clientConfig,
        plan,
        source,
        createCanvases,
        partitions,
        replication,
        Optional.of(name),
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
        sharedTopic,
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
        sharedTopic,
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
    config.putAll(EventPartitioner.settings(plan));
    config.put("batch.size", Integer.toString(256 << 10));
    config.put("buffer.memory", Long.toString(unacknowledgedBytesMax + (16L << 20)));
    config.put("max.block.ms", Long.toString(confirmTimeout.toMillis()));
    config.put("delivery.timeout.ms", Long.toString(confirmTimeout.toMillis()));
    config.put("request.timeout.ms", Long.toString(Math.max(1, confirmTimeout.toMillis() / 2)));
    return config;
  }
}
