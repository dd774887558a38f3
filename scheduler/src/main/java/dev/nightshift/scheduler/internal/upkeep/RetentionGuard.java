package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TopicProblem;
import dev.nightshift.common.TopicReview;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Looks whether the fleet's topics have come to be set so that something would be lost, as
/// somebody altered them: says so, with the time that is left, or sets them right if it may. Owned
/// by the upkeep's thread.
public final class RetentionGuard implements Chore {
  /// One turn looks at so many topics; the next one goes on with others.
  private static final int TOPICS_MAX = 1_000;

  private static final Cause CAUSE = new Cause("nightshift", "events would be lost");

  private final Parts parts;
  private final Map<String, TopicProblem> known = new TreeMap<>();
  private int next;

  /// What it works with.
  ///
  /// @param repairs whether it may set topics right
  /// @param fleet reaches the fleet; called when there is something to do
  /// @param backlog reads what waits; called when there is something to do
  public record Parts(
      TopicPlan plan,
      Cluster cluster,
      Admin admin,
      Supplier<ControlView> control,
      boolean repairs,
      Supplier<Fleet> fleet,
      Supplier<BacklogReader> backlog,
      InstantSource clock,
      Consumer<SchedulerEvent> events) {}

  /// Asks nothing of the cluster yet.
  public RetentionGuard(Parts parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return "looking at the settings of topics";
  }

  @Override
  public void forget() {
    known.clear();
  }

  @Override
  public void turn() {
    TopicReview review = new TopicReview(parts.plan(), parts.control().get());
    List<String> all = review.names().stream().distinct().toList();
    Map<String, Config> settings = settings(turn(all));
    Map<String, TopicProblem> problems = new TreeMap<>();
    review.problems(settings).forEach(problem -> problems.put(problem.topic(), problem));
    List<String> over =
        known.keySet().stream()
            .filter(topic ->
                !all.contains(topic) || settings.containsKey(topic) && !problems.containsKey(topic))
            .toList();
    for (String topic : over) {
      known.remove(topic);
      parts.events().accept(new SchedulerEvent.TopicSafe(topic));
    }
    Optional<FleetException> failure = Optional.empty();
    for (TopicProblem problem : problems.values()) {
      try {
        found(problem);
      } catch (FleetException e) {
        failure = Optional.of(e);
      }
    }
    failure.ifPresent(e -> {
      throw e;
    });
  }

  // Goes round, so that each has its turn.
  private List<String> turn(List<String> all) {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < Math.min(TOPICS_MAX, all.size()); i++) {
      some.add(all.get((next + i) % all.size()));
    }
    next = all.isEmpty() ? 0 : (next + some.size()) % all.size();
    return some;
  }

  // Of those that are there.
  private Map<String, Config> settings(Collection<String> topics) {
    List<ConfigResource> asked = topics.stream().map(RetentionGuard::resource).toList();
    Map<String, Config> settings = new HashMap<>();
    parts
        .admin()
        .describeConfigs(asked)
        .values()
        .forEach((topic, answer) ->
            answer(topic.name(), answer).ifPresent(each -> settings.put(topic.name(), each)));
    return settings;
  }

  private Optional<Config> answer(String topic, KafkaFuture<Config> answer) {
    try {
      return Optional.of(parts.cluster().ask("read the settings of topic " + topic, () -> answer));
    } catch (FleetException.Refused e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private void found(TopicProblem problem) {
    boolean isNew = !problem.equals(known.put(problem.topic(), problem));
    parts
        .events()
        .accept(
            new SchedulerEvent.TopicUnsafe(
                problem,
                left(problem),
                isNew,
                "--bootstrap-server " + parts.cluster().bootstrap()));
    if (parts.repairs()) {
      repair(problem);
      known.remove(problem.topic());
      parts.events().accept(new SchedulerEvent.TopicRepaired(problem));
    }
  }

  private void repair(TopicProblem problem) {
    try (Fleet fleet = parts.fleet().get()) {
      fleet.audit(
          "topic repair", problem.topic(), text(problem.seen()), text(problem.wanted()), CAUSE);
    }
    List<AlterConfigOp> changes =
        problem.wanted().entrySet().stream()
            .map(each ->
                new AlterConfigOp(
                    new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    parts
        .cluster()
        .ask(
            "set " + text(problem.wanted()) + " for topic " + problem.topic(),
            () ->
                parts
                    .admin()
                    .incrementalAlterConfigs(Map.of(resource(problem.topic()), changes))
                    .all());
  }

  private static String text(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private Optional<Duration> left(TopicProblem problem) {
    Instant now = parts.clock().instant();
    if (problem.left(now, now).isEmpty()) {
      return Optional.empty();
    }
    try (BacklogReader backlog = parts.backlog().get()) {
      return backlog.oldest(problem.topic()).flatMap(oldest -> problem.left(oldest, now));
    }
  }
}
