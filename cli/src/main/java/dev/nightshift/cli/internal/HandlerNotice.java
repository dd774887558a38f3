package dev.nightshift.cli.internal;

import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Nearest;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Tells of queues that no live worker has a handler for, and what becomes of their events: mostly
/// a name is mistyped. Who lives is read by a thread of its own while the command does its work,
/// and never makes it fail. It is nothing to be told where no worker lives: one that has the
/// handler may come.
final class HandlerNotice {
  /// Who changes a queue waits for it at most so much longer.
  static final Duration CHANGE_WAIT = Duration.ofSeconds(1);

  /// Who emits waits for it at most so much longer.
  static final Duration EMIT_WAIT = Duration.ofMillis(500);

  /// Who only looks whether it would be right waits for it at most so much longer.
  static final Duration DRY_RUN_WAIT = Duration.ofSeconds(5);

  private static final String ENDS =
      "that a worker takes ends as no_handler: it is not run, and not tried again";

  private final CompletableFuture<List<String>> texts;

  private HandlerNotice(CompletableFuture<List<String>> texts) {
    this.texts = texts;
  }

  /// Begins to look, unless the scope is more than one queue.
  static HandlerNotice of(Scope scope, Connection connection) {
    return scope
        .queue()
        .map(queue -> of(new QueueName(scope.canvas().orElseThrow(), queue), connection))
        .orElseGet(HandlerNotice::none);
  }

  /// Begins to look.
  static HandlerNotice of(QueueName queue, Connection connection) {
    return of(Set.of(queue), connection);
  }

  /// Begins to look for each of these queues.
  static HandlerNotice of(Set<QueueName> queues, Connection connection) {
    return new HandlerNotice(
        CompletableFuture.supplyAsync(
                () -> texts(queues, live(connection)),
                look -> Thread.ofPlatform().name("nightshift-notice").daemon().start(look))
            .exceptionally(failure -> List.of()));
  }

  /// Tells nothing.
  static HandlerNotice none() {
    return new HandlerNotice(CompletableFuture.completedFuture(List.of()));
  }

  /// Tells it, if there is something to tell and it is known by then.
  void tell(Duration atMost, Consumer<String> remark) {
    texts
        .completeOnTimeout(List.of(), atMost.toMillis(), TimeUnit.MILLISECONDS)
        .join()
        .forEach(remark);
  }

  private static List<WorkerBeat> live(Connection connection) {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      return log.view().live(Instant.now());
    }
  }

  private static List<String> texts(Set<QueueName> queues, List<WorkerBeat> live) {
    Set<QueueName> handled =
        live.stream().flatMap(beat -> beat.handlers().stream()).collect(Collectors.toSet());
    List<QueueName> without =
        queues.stream().filter(queue -> !handled.contains(queue)).sorted().toList();
    if (live.isEmpty() || without.isEmpty()) {
      return List.of();
    }
    if (without.size() == 1) {
      return List.of(text(without.getFirst(), handled) + ". An event " + ENDS);
    }
    List<String> texts = new ArrayList<>();
    without.forEach(queue -> texts.add(text(queue, handled)));
    texts.add("an event of these queues " + ENDS);
    return texts;
  }

  private static String text(QueueName queue, Set<QueueName> handled) {
    return "no live worker has a handler for "
        + queue
        + Nearest.queue(queue, handled).map(near -> " (did you mean " + near + "?)").orElse("");
  }
}
