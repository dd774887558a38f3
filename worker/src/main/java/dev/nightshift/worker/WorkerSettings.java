package dev.nightshift.worker;

import dev.nightshift.common.Concurrency;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.worker.internal.log.KafkaLogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// How a worker works. Immutable.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param name this worker's name, 1 to [#NAME_CHARS_MAX] of `A-Z a-z 0-9 . _ -`; no two live
///   workers of a fleet share one
/// @param handlers the folder with the handler JARs
/// @param allowEmpty whether the worker runs without any handler
/// @param slots how many handlers run at once, from 1 to [#SLOTS_MAX]
/// @param grace how long a drain may take, last write and leaving included, from [#GRACE_MIN] to
///   [#GRACE_MAX]
/// @param retryDelays how long an event waits after its first lost attempt, its second, and so on,
///   each up to [#RETRY_DELAY_MAX]; the last one counts for all later ones
/// @param replication copies of the fleet's topics, where this worker makes them, from 1; the
///   brokers' default if empty
/// @param traces which attempts leave a trace
public record WorkerSettings(
    Map<String, Object> clientConfig,
    TopicPlan plan,
    String name,
    Path handlers,
    boolean allowEmpty,
    int slots,
    Duration grace,
    List<Duration> retryDelays,
    OptionalInt replication,
    TraceLevel traces) {
  /// How many attempts an event has in all.
  public static final int ATTEMPTS_MAX = 5;

  /// The usual number of handlers at once: they are virtual threads that mostly wait.
  public static final int SLOTS_DEFAULT = 10_000;

  /// More handlers at once than this would only wait for each other: what runs may take 128 MiB of
  /// payloads in all.
  public static final int SLOTS_MAX = Concurrency.MAX;

  /// The usual grace period. Kubernetes kills after 30 s unless told otherwise.
  public static final Duration GRACE_DEFAULT = Duration.ofSeconds(25);

  /// Less would not do for the last write and leaving the group.
  public static final Duration GRACE_MIN = Duration.ofSeconds(1);

  /// A deploy that waits for longer is probably a mistyped number.
  public static final Duration GRACE_MAX = Duration.ofHours(24);

  /// An event that waits for longer is probably a mistyped number.
  public static final Duration RETRY_DELAY_MAX = Duration.ofDays(7);

  /// For how long the group believes that a silent worker lives, unless `session.timeout.ms` says
  /// otherwise.
  public static final Duration SESSION_DEFAULT = KafkaLogSettings.SESSION_TIMEOUT;

  /// The longest name that Kubernetes gives a pod.
  public static final int NAME_CHARS_MAX = 253;

  /// The usual wait after each lost attempt.
  public static final List<Duration> RETRY_DELAYS =
      List.of(Duration.ZERO, Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));

  /// It becomes part of a transactional id and of names of metrics.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + NAME_CHARS_MAX + "}");

  /// Keeps copies.
  ///
  /// @throws WorkerException.WrongSettings with everything that is not allowed
  public WorkerSettings {
    clientConfig = Map.copyOf(clientConfig);
    retryDelays = List.copyOf(retryDelays);
    List<String> problems = new ArrayList<>();
    checkClient(clientConfig, problems);
    if (!NAME.matcher(name).matches()) {
      problems.add(
          "name %s is not allowed: 1 to %d of A-Z, a-z, 0-9, '.', '_' and '-'"
              .formatted(Names.quoted(name), NAME_CHARS_MAX));
    }
    if (slots < 1 || slots > SLOTS_MAX) {
      problems.add(
          "concurrency %d is not allowed: 1 to %s handlers at once"
              .formatted(slots, String.format(Locale.ROOT, "%,d", SLOTS_MAX)));
    }
    checkRange("grace period", grace, GRACE_MIN, GRACE_MAX, problems);
    checkDelays(retryDelays, problems);
    if (replication.isPresent() && replication.getAsInt() < 1) {
      problems.add(
          "replication %d is not allowed: 1 or more copies, or none said for the brokers' default"
              .formatted(replication.getAsInt()));
    }
    if (!problems.isEmpty()) {
      throw new WorkerException.WrongSettings(problems);
    }
  }

  /// The usual settings: 10,000 handlers at once, 25 s of grace.
  public static WorkerSettings of(String bootstrapServers, String name, Path handlers) {
    return new WorkerSettings(
        Map.of("bootstrap.servers", bootstrapServers),
        TopicPlan.standard(),
        name,
        handlers,
        false,
        SLOTS_DEFAULT,
        GRACE_DEFAULT,
        RETRY_DELAYS,
        OptionalInt.empty(),
        TraceLevel.ON);
  }

  private static void checkClient(Map<String, Object> client, List<String> problems) {
    if (String.valueOf(client.getOrDefault("bootstrap.servers", "")).isBlank()) {
      problems.add("bootstrap.servers is missing: say HOST:PORT of the Kafka cluster");
    }
    Object session = client.get(KafkaLogSettings.SESSION_TIMEOUT_KEY);
    if (session != null && !session.toString().strip().matches("[1-9][0-9]{0,8}")) {
      problems.add(
          "%s %s is not allowed: a whole number of milliseconds, from 1"
              .formatted(KafkaLogSettings.SESSION_TIMEOUT_KEY, Names.quoted(session.toString())));
    }
  }

  private static void checkDelays(List<Duration> delays, List<String> problems) {
    // The fifth attempt is the last: nothing waits after it.
    int delaysMax = ATTEMPTS_MAX - 1;
    if (delays.isEmpty() || delays.size() > delaysMax) {
      problems.add(
          "%d retry delays are not allowed: 1 to %d, as an event has %d attempts in all"
              .formatted(delays.size(), delaysMax, ATTEMPTS_MAX));
    }
    for (Duration delay : delays) {
      checkRange("retry delay", delay, Duration.ZERO, RETRY_DELAY_MAX, problems);
    }
  }

  private static void checkRange(
      String what, Duration seen, Duration min, Duration max, List<String> problems) {
    if (seen.compareTo(min) < 0 || seen.compareTo(max) > 0) {
      problems.add(
          "%s %s is not allowed: %s to %s"
              .formatted(what, Durations.text(seen), Durations.text(min), Durations.text(max)));
    }
  }
}
