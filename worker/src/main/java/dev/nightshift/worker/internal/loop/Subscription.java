package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Which topics a worker reads: those of all canvases, the retry topic, and the lanes of queues
/// that it has a handler for or that nobody else has one for. Owned by the loop's thread. Pure.
final class Subscription {
  // How often it is asked anew whose handlers there are.
  static final Duration LANES_LOOKED_AT_EVERY = Duration.ofMillis(500);

  private final TopicPlan plan;
  private final Consumer<Set<String>> subscribe;
  private final BiPredicate<String, String> handles;
  private final BiPredicate<String, String> announced;
  private final Runnable onNewView;

  private Set<String> topics = Set.of();
  private Set<String> forOthers = Set.of();
  private long viewVersion = -1;
  private long lanesLookedAt;

  /// @param subscribe is told of all topics when they are others than before
  /// @param handles whether this worker has a handler, of a canvas and a queue
  /// @param announced whether any live worker has said that it has one
  /// @param onNewView is run before the topics of a newer view are subscribed to
  Subscription(
      TopicPlan plan,
      Consumer<Set<String>> subscribe,
      BiPredicate<String, String> handles,
      BiPredicate<String, String> announced,
      Runnable onNewView) {
    this.plan = plan;
    this.subscribe = subscribe;
    this.handles = handles;
    this.announced = announced;
    this.onNewView = onNewView;
  }

  /// Subscribes to what there is to read by now.
  void follow(ControlView view, long nanos) {
    boolean newer = view.version() != viewVersion;
    if (!newer && nanos - lanesLookedAt < LANES_LOOKED_AT_EVERY.toNanos()) {
      return;
    }
    if (newer) {
      viewVersion = view.version();
      onNewView.run();
    }
    lanesLookedAt = nanos;
    Set<String> others =
        view.lanes().stream()
            .filter(lane -> isForOthers(view, lane))
            .map(Lane::topic)
            .collect(Collectors.toSet());
    if (!newer && others.equals(forOthers)) {
      return;
    }
    forOthers = others;
    Set<String> wanted = new TreeSet<>(view.topics(plan.workersGroup()));
    wanted.removeAll(others);
    wanted.add(plan.retry());
    if (!wanted.equals(topics)) {
      topics = wanted;
      subscribe.accept(wanted);
    }
  }

  // What this worker has no handler for and another one has waits for that one.
  private boolean isForOthers(ControlView view, Lane lane) {
    boolean deleted =
        view.canvas(lane.canvas(), lane.generation()).map(Canvas::deleted).orElse(true);
    return !deleted
        && !handles.test(lane.canvas(), lane.queue())
        && announced.test(lane.canvas(), lane.queue());
  }
}
