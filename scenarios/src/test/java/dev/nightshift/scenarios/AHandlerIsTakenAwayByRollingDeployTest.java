package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AHandlerIsTakenAwayByRollingDeployTest {
  private static final Scope URGENT = Scope.queue(ScenarioFleet.CANVAS, "urgent");
  private static final Cause CAUSE = new Cause("scenario", "as told");
  private static final int EVENTS = 30;

  /// As long as one worker has it, all events of its queue run. When that one is told to stop, what
  /// comes afterwards ends without a handler.
  @Test
  void andRunsUntilTheLastWorkerThatHasItIsGone(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(4);
      WorkerProcess first = fleet.startWorker();
      WorkerProcess last = fleet.startWorker();
      List<String> nobodys = emit(fleet, "nobodys", "n");
      List<String> a = emit(fleet, "urgent", "a");
      replace(fleet, first);
      List<String> b = emit(fleet, "urgent", "b");
      fleet.await(
          "all run while one has the handler",
          Duration.ofSeconds(40),
          () -> ended(fleet, a, "completed") && ended(fleet, b, "completed"));
      assertEquals(
          List.of(last.name()),
          b.stream().map(id -> fleet.starts(id).get(0).worker()).distinct().toList());

      replace(fleet, last);
      List<String> c = emit(fleet, "urgent", "c");
      fleet.await(
          "nobody has the handler any more",
          Duration.ofSeconds(40),
          () -> ended(fleet, c, "no_handler"));
      assertTrue(ended(fleet, nobodys, "no_handler"), "what nobody ever had a handler for");
      assertEquals(4 * EVENTS, fleet.traces().size(), "each has ended once, and none was lost");
    }
  }

  /// What was handed on to the only worker that has the handler waits while that one may come back,
  /// and ends when it has been silent for too long: once.
  @Test
  void whatWaitsForADeadWorkerEndsOnceWhenItsSilenceIsLongEnough(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = fleet.control()) {
      fleet.createCanvas(4);
      fleet.startOlderWorker();
      WorkerProcess announcer = fleet.startWorker();
      control.raise(FlagKind.PAUSE, URGENT, CAUSE, Optional.empty());
      List<String> handedOn = emit(fleet, "urgent", "h");
      String lane = ScenarioFleet.PLAN.lane(ScenarioFleet.CANVAS, 1, "urgent");
      fleet.await(
          "they are in the lane, which only the announcer reads",
          Duration.ofSeconds(30),
          () -> records(fleet, lane) == EVENTS);

      announcer.kill();
      control.lift(FlagKind.PAUSE, URGENT, CAUSE);
      List<String> after = emit(fleet, "urgent", "k");
      fleet.emit("goes-on", "return");
      fleet.await(
          "others do not wait for it",
          Duration.ofSeconds(30),
          () -> "completed".equals(fleet.outcomes().get("goes-on")));
      fleet.await(
          "all have ended",
          Duration.ofSeconds(60),
          () -> ended(fleet, handedOn, "no_handler") && ended(fleet, after, "no_handler"));
      assertEquals(2 * EVENTS + 1, fleet.traces().size(), "each has ended once");
      assertEquals(0, fleet.dead().size());
    }
  }

  private static void replace(ScenarioFleet fleet, WorkerProcess worker) {
    worker.terminate();
    assertEquals(0, worker.exit(Duration.ofSeconds(40)), worker::printed);
    fleet.startOlderWorker();
  }

  private static List<String> emit(ScenarioFleet fleet, String queue, String prefix) {
    List<String> ids = IntStream.range(0, EVENTS).mapToObj(i -> prefix + i).toList();
    ids.forEach(id -> fleet.emitTo(ScenarioFleet.CANVAS, queue, id, "return"));
    return ids;
  }

  private static boolean ended(ScenarioFleet fleet, List<String> ids, String outcome) {
    Map<String, String> outcomes = fleet.outcomes();
    return ids.stream().allMatch(id -> outcome.equals(outcomes.get(id)));
  }

  private static int records(ScenarioFleet fleet, String topic) {
    try {
      if (!fleet.admin().listTopics().names().get().contains(topic)) {
        return 0;
      }
    } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    try (TopicReader<Boolean> lane =
        new TopicReader<>(fleet.bootstrapServers(), topic, record -> true)) {
      return lane.read().size();
    }
  }
}
