package dev.nightshift.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;

/// Looks at topics of a fleet that are there, as a worker does when it starts, and goes on after
/// the first that is wrong. Immutable, safe for use by many threads.
public final class TopicReview {
  private final List<WantedTopic> wanted = new ArrayList<>();

  /// @param view the canvases and lanes; empty if they cannot be read
  public TopicReview(TopicPlan plan, ControlView view) {
    wanted.addAll(WantedTopics.own(plan));
    view.canvases().stream()
        .filter(canvas -> !canvas.gone())
        .map(Canvas::topic)
        .distinct()
        .forEach(topic -> wanted.add(WantedTopics.events(topic, 1)));
    view.lanes().stream()
        .filter(lane ->
            view.canvas(lane.canvas())
                .filter(canvas -> canvas.generation() == lane.generation() && !canvas.gone())
                .isPresent())
        .forEach(lane -> wanted.add(WantedTopics.lane(lane.topic())));
  }

  /// All that the fleet has or should have.
  public List<String> names() {
    return wanted.stream().map(WantedTopic::name).toList();
  }

  /// What is wrong.
  ///
  /// @param settings of the topics that are there
  public List<TopicProblem> problems(Map<String, Config> settings) {
    List<TopicProblem> problems = new ArrayList<>();
    for (WantedTopic topic : wanted) {
      Config config = settings.get(topic.name());
      if (config != null) {
        topic.problem(config).ifPresent(problems::add);
      }
    }
    return problems;
  }
}
