package dev.nightshift.scenarios;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagChange;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.Scope;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.QueueDepth;
import dev.nightshift.common.record.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Who sets and lifts flags in a scenario, knows when all workers act by them, and counts what
/// waits. Setting and lifting is for any thread, the rest for the test's.
final class Operator implements AutoCloseable {
  static final Cause CAUSE = new Cause("scenario", "as told");

  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private final ScenarioFleet scenario;
  private final Fleet fleet;
  private final FollowedLog<WorkersView> workers;
  private final BacklogReader backlogs;
  private final TopicReader<AuditRecord> audit;

  /// The fleet's topics must be there.
  Operator(ScenarioFleet scenario) {
    this.scenario = scenario;
    this.fleet = fleet(scenario.bootstrapServers());
    Map<String, Object> client = Map.of("bootstrap.servers", scenario.bootstrapServers());
    this.workers = WorkersLog.start(client, ScenarioFleet.PLAN, ANSWER_MAX);
    this.backlogs = BacklogReader.of(client, ScenarioFleet.PLAN, ANSWER_MAX);
    this.audit =
        new TopicReader<>(
            scenario.bootstrapServers(),
            ScenarioFleet.PLAN.audit(),
            record -> RecordCodec.AUDIT.decode(record.value()));
  }

  /// Another who sets and lifts flags.
  static Fleet fleet(String bootstrapServers) {
    return Fleet.of(Map.of("bootstrap.servers", bootstrapServers), ScenarioFleet.PLAN, ANSWER_MAX);
  }

  Fleet fleet() {
    return fleet;
  }

  FlagChange raise(FlagKind kind, Scope scope) {
    return fleet.raise(kind, scope, CAUSE, Optional.empty());
  }

  FlagChange raise(FlagKind kind, Scope scope, Instant until) {
    return fleet.raise(kind, scope, CAUSE, Optional.of(until));
  }

  FlagChange lift(FlagKind kind, Scope scope) {
    return fleet.lift(kind, scope, CAUSE);
  }

  /// Sets a flag, and waits until all workers act by it.
  void stop(FlagKind kind, Scope scope) {
    raise(kind, scope);
    awaitActedBy();
  }

  /// Waits until all live workers, one at least, act by what the control log says now.
  void awaitActedBy() {
    long offset = fleet.view().offset();
    scenario.await(
        "all workers act by offset " + offset + " of the control log",
        ANSWER_MAX,
        () -> {
          var live = workers.view().live();
          return !live.isEmpty() && live.stream().allMatch(each -> each.controlOffset() >= offset);
        });
  }

  /// How much of a queue has not ended, without how old it is.
  QueueDepth depth(String canvas, String queue) {
    QueueDepth depth =
        depths(Scope.queue(canvas, queue))
            .getOrDefault(new QueueName(canvas, queue), QueueDepth.NONE);
    return new QueueDepth(
        depth.waiting(), depth.inLane(), depth.retrying(), depth.running(), Optional.empty());
  }

  /// How much of all queues has not ended.
  Map<QueueName, QueueDepth> depths() {
    return depths(Scope.all());
  }

  private Map<QueueName, QueueDepth> depths(Scope scope) {
    Backlog backlog = backlogs.begin(fleet.view(), scope);
    if (!backlog.read(ANSWER_MAX)) {
      throw new AssertionError("not counted within " + ANSWER_MAX);
    }
    return backlog.depths();
  }

  /// Waits until that much of a queue has not ended.
  void awaitDepth(String canvas, String queue, Supplier<QueueDepth> expected) {
    try {
      scenario.await(
          "the depth is exact", ANSWER_MAX, () -> depth(canvas, queue).equals(expected.get()));
    } catch (AssertionError late) {
      throw new AssertionError(depth(canvas, queue) + " is not " + expected.get(), late);
    }
  }

  /// What was done to a scope, oldest first: `queue pause` and the like.
  List<String> done(Scope scope) {
    return audit.read().stream()
        .filter(record -> record.getTarget().equals(scope.toString()))
        .map(AuditRecord::getAction)
        .toList();
  }

  @Override
  public void close() {
    audit.close();
    backlogs.close();
    workers.close();
    fleet.close();
  }
}
