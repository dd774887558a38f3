package dev.nightshift.common;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A topic of a fleet that is not as it must be. Immutable.
///
/// @param seen those of its settings that are wrong
/// @param wanted what they must be
/// @param otherwise what happens to a topic that is left as it is
public record TopicProblem(
    String topic,
    SortedMap<String, String> seen,
    SortedMap<String, String> wanted,
    String otherwise) {
  TopicProblem(
      String topic, Map<String, String> seen, Map<String, String> wanted, String otherwise) {
    this(topic, new TreeMap<>(seen), new TreeMap<>(wanted), otherwise);
  }

  /// The command that mends it.
  ///
  /// @param connection the options of Kafka's own commands that say which cluster
  public String mend(String connection) {
    return "kafka-configs.sh "
        + connection
        + " --alter --entity-type topics --entity-name "
        + topic
        + " --add-config "
        + wanted.entrySet().stream()
            .map(each -> setting(each.getKey(), each.getValue()))
            .collect(Collectors.joining(","));
  }

  // A list is one value in brackets.
  private static String setting(String name, String value) {
    return name + "=" + (value.contains(",") ? "[" + value + "]" : value);
  }

  /// How long a record is safe where records go by their age. Kafka removes whole segments, by the
  /// youngest of their records: so it may stay for longer.
  ///
  /// @param stored when it was, by its own time
  /// @return zero if it may go at any moment; empty if its age does not matter
  public Optional<Duration> left(Instant stored, Instant now) {
    return Optional.ofNullable(seen.get("retention.ms"))
        .map(age -> Duration.between(now, stored).plusMillis(Long.parseLong(age)))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }

  /// What is left for the oldest event that waits there, as a sentence.
  public static String removal(Duration left) {
    String oldest = "The oldest event that waits there may be removed ";
    ChronoUnit exact = left.toHours() > 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    return left.isZero()
        ? oldest + "at any moment"
        : oldest + "in " + Durations.text(left.truncatedTo(exact));
  }

  /// What is wrong, and the command that mends it.
  ///
  /// @param connection the options of Kafka's own commands that say which cluster
  public String text(String connection) {
    return "topic "
        + topic
        + " cannot be used as it is: "
        + seen.entrySet().stream()
            .map(each ->
                each.getKey()
                    + " is "
                    + each.getValue()
                    + ", only "
                    + wanted.get(each.getKey())
                    + " is allowed")
            .collect(Collectors.joining("; "))
        + "; "
        + otherwise
        + ". Correct it with: "
        + mend(connection);
  }
}
