package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.Attempts;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which topics a worker reads: those of all canvases, the retry topic, and the lanes of queues
/// that it has a handler for or that nobody else has one for. Owned by the loop's thread.
final class Subscription {
  // How often it is asked anew whose handlers there are.
  private static final Duration LANES_LOOKED_AT_EVERY = Duration.ofMillis(500);

  private final TopicPlan plan;
  private final EventLog log;
  private final Attempts attempts;
  private final Peers peers;
  private final Runnable onNewView;

  private Set<String> topics = Set.of();
  private Set<String> forOthers = Set.of();
  private long viewVersion = -1;
  private long lanesLookedAt;

  /// @param onNewView is run before the topics of a newer view are subscribed to
  Subscription(TopicPlan plan, EventLog log, Attempts attempts, Peers peers, Runnable onNewView) {
    this.plan = plan;
    this.log = log;
    this.attempts = attempts;
    this.peers = peers;
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
      log.subscribe(wanted);
    }
  }

  // What this worker has no handler for and another one has waits for that one.
  private boolean isForOthers(ControlView view, Lane lane) {
    boolean deleted =
        view.canvas(lane.canvas(), lane.generation()).map(Canvas::deleted).orElse(true);
    return !deleted
        && !attempts.handles(lane.canvas(), lane.queue())
        && peers.announce(lane.canvas(), lane.queue());
  }
}
