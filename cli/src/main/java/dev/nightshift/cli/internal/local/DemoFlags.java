package dev.nightshift.cli.internal.local;

import dev.nightshift.common.FlagKind;
import dev.nightshift.common.backlog.QueueDepth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Pauses a queue and blocks it: what is emitted waits, and none of the two undoes the other.
final class DemoFlags {
  private final DemoStage stage;
  private final List<String> quakes;

  /// @param quakes what to emit meanwhile
  DemoFlags(DemoStage stage, List<String> quakes) {
    this.stage = stage;
    this.quakes = List.copyOf(quakes);
  }

  void run() {
    String queue = DemoStage.CANVAS + "/" + DemoStage.QUEUE;
    stage.title("Pausing and blocking " + queue);
    raise(FlagKind.PAUSE);
    Set<String> ids = stage.emit(quakes);
    stage.say(quakes.size() + " more quakes were emitted while it is paused: " + wait(ids));
    raise(FlagKind.BLOCK);
    lift(FlagKind.PAUSE);
    stage.say("An admin blocks it, its owner resumes it: " + wait(ids));
    long begin = System.nanoTime();
    lift(FlagKind.BLOCK);
    stage.await("all that waited completed", () -> stage.completed(ids) == ids.size());
    double seconds = (System.nanoTime() - begin) / 1e9;
    stage.say(
        "The block is lifted: all %d completed within %s s"
            .formatted(ids.size(), String.format(Locale.ROOT, "%.1f", seconds)));
    stage.await("nothing waits any more", () -> stage.depth().total() == 0);
  }

  private void raise(FlagKind kind) {
    stage.fleet().raise(kind, DemoStage.SCOPE, DemoStage.CAUSE, Optional.empty());
    stage.awaitWorkers();
  }

  private void lift(FlagKind kind) {
    stage.fleet().lift(kind, DemoStage.SCOPE, DemoStage.CAUSE);
    stage.awaitWorkers();
  }

  // An event on its way to the lane may show twice, so the depth is asked for until it is at rest.
  private String wait(Set<String> ids) {
    stage.await("all of them wait in the lane", () -> stage.depth().inLane() == ids.size());
    QueueDepth depth = stage.depth();
    stage.poll();
    stage.check(
        depth.total() == ids.size() && depth.running() == 0 && stage.completed(ids) == 0,
        "some events of a queue that is stopped ran, " + depth);
    return "depth " + depth.total() + ", running " + depth.running();
  }
}
