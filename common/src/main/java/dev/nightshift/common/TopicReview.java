package dev.nightshift.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;

/// Looks at topics of a fleet that are there, as a worker does when it starts, and goes on after
/// the first that is wrong. Immutable, safe for use by many threads.
public final class TopicReview {
  private final List<FleetTopics.Wanted> wanted = new ArrayList<>();

  /// @param view the canvases and lanes; empty if they cannot be read
  /// @param admin asked nothing
  public TopicReview(TopicPlan plan, ControlView view, Cluster cluster, Admin admin) {
    FleetTopics topics = new FleetTopics(plan, cluster, admin);
    wanted.addAll(topics.own());
    view.canvases().stream()
        .filter(canvas -> !canvas.gone())
        .forEach(canvas -> wanted.add(topics.events(canvas.topic(), 1)));
    view.lanes().stream()
        .filter(lane ->
            view.canvas(lane.canvas())
                .filter(canvas -> canvas.generation() == lane.generation() && !canvas.gone())
                .isPresent())
        .forEach(lane -> wanted.add(topics.lane(lane.topic())));
  }

  /// All that the fleet has or should have.
  public List<String> names() {
    return wanted.stream().map(FleetTopics.Wanted::name).toList();
  }

  /// What is wrong.
  ///
  /// @param settings of the topics that are there
  public List<TopicProblem> problems(Map<String, Config> settings) {
    List<TopicProblem> problems = new ArrayList<>();
    for (FleetTopics.Wanted topic : wanted) {
      Config config = settings.get(topic.name());
      if (config != null) {
        FleetTopics.problem(topic, config).ifPresent(problems::add);
      }
    }
    return problems;
  }
}
