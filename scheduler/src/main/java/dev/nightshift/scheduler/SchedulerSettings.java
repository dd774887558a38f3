package dev.nightshift.scheduler;

import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How a scheduler works. Immutable.
///
/// @param clientConfig settings for all Kafka clients: `bootstrap.servers`, TLS, SASL
/// @param plan the fleet's topics
/// @param name this scheduler's name, as traces and dead letters say it
/// @param scale how it decides how many workers and partitions are wanted
/// @param upkeep how it does the fleet's upkeep
public record SchedulerSettings(
    Map<String, Object> clientConfig,
    TopicPlan plan,
    String name,
    ScaleSettings scale,
    UpkeepSettings upkeep) {
  private static final int NAME_CHARS_MAX = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + NAME_CHARS_MAX + "}");

  /// Keeps a copy.
  public SchedulerSettings {
    clientConfig = Map.copyOf(clientConfig);
  }

  /// With what is usual for all else.
  public SchedulerSettings(Map<String, Object> clientConfig, TopicPlan plan, String name) {
    this(clientConfig, plan, name, ScaleSettings.DEFAULT, UpkeepSettings.DEFAULT);
  }

  /// What is wrong with them, one problem each.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!NAME.matcher(name).matches()) {
      problems.add(
          "name %s is not allowed: 1 to %d of A-Z, a-z, 0-9, '.', '_' and '-'"
              .formatted(Names.quoted(name), NAME_CHARS_MAX));
    }
    problems.addAll(scale.problems());
    problems.addAll(upkeep.problems());
    return problems;
  }
}
