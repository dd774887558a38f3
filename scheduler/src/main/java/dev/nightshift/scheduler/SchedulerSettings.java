package dev.nightshift.scheduler;

import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How a scheduler works. Immutable.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param name this scheduler's name, as traces and dead letters say it
public record SchedulerSettings(Map<String, Object> clientConfig, TopicPlan plan, String name) {
  private static final int NAME_CHARS_MAX = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + NAME_CHARS_MAX + "}");

  /// Keeps a copy.
  public SchedulerSettings {
    clientConfig = Map.copyOf(clientConfig);
  }

  /// What is wrong with them, one problem each.
  List<String> problems() {
    return NAME.matcher(name).matches()
        ? List.of()
        : List.of(
            "name %s is not allowed: 1 to %d of A-Z, a-z, 0-9, '.', '_' and '-'"
                .formatted(Names.quoted(name), NAME_CHARS_MAX));
  }
}
