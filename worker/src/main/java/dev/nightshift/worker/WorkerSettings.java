package dev.nightshift.worker;

import dev.nightshift.common.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How a worker works. Immutable.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param name this worker's name; no two live workers of a fleet share one
/// @param handlers the folder with the handler JARs
/// @param allowEmpty whether the worker runs without any handler
/// @param slots how many handlers run at once, from 1
/// @param grace how long a drain may take, last write and leaving included
/// @param retryDelays how long an event waits after its first lost attempt, its second, and so on
/// @param replication copies of the fleet's topics, where this worker makes them; -1 for the
///   broker's default
public record WorkerSettings(
    Map<String, Object> clientConfig,
    TopicPlan plan,
    String name,
    Path handlers,
    boolean allowEmpty,
    int slots,
    Duration grace,
    List<Duration> retryDelays,
    short replication) {
  /// How many attempts an event has in all.
  public static final int ATTEMPTS_MAX = 5;

  /// The usual wait after each lost attempt.
  public static final List<Duration> RETRY_DELAYS =
      List.of(Duration.ZERO, Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));

  /// Keeps copies.
  public WorkerSettings {
    clientConfig = Map.copyOf(clientConfig);
    retryDelays = List.copyOf(retryDelays);
  }

  /// The usual settings: 10,000 handlers at once, 25 s of grace.
  public static WorkerSettings of(String bootstrapServers, String name, Path handlers) {
    return new WorkerSettings(
        Map.of("bootstrap.servers", bootstrapServers),
        TopicPlan.standard(),
        name,
        handlers,
        false,
        10_000,
        Duration.ofSeconds(25),
        RETRY_DELAYS,
        (short) -1);
  }
}
