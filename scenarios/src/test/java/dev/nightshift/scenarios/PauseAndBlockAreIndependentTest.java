package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseAndBlockAreIndependentTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Cause CAUSE = new Cause("scenario", "as told");

  private static final int ROUND = 6;

  private int emitted;

  /// A pause and a block in every order of setting and lifting, on a queue, a canvas and all: while
  /// one is left nothing starts.
  @Test
  void inEveryOrder(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control =
            Fleet.of(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                ScenarioFleet.PLAN,
                Duration.ofSeconds(20))) {
      fleet.startWorker();
      fleet.startWorker();
      fleet.emit("other", "warm-up", "return");
      runs(fleet);
      for (Scope scope : List.of(QUEUE, Scope.canvas(ScenarioFleet.CANVAS))) {
        for (FlagKind first : FlagKind.values()) {
          for (FlagKind liftedFirst : FlagKind.values()) {
            FlagKind second = other(first);
            control.raise(first, scope, CAUSE, Optional.empty());
            control.raise(second, scope, CAUSE, Optional.empty());
            List<String> waiting = new ArrayList<>(stopped(fleet));
            control.lift(liftedFirst, scope, CAUSE);
            waiting.addAll(stopped(fleet));
            control.lift(other(liftedFirst), scope, CAUSE);
            waiting.forEach(id -> ends(fleet, id));
            runs(fleet);
          }
        }
      }
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(fleet.outcomes().size(), fleet.traces().size());
    }
  }

  private static FlagKind other(FlagKind kind) {
    return kind == FlagKind.PAUSE ? FlagKind.BLOCK : FlagKind.PAUSE;
  }

  // Emits into each partition until none of a round is started, while events of another canvas are.
  private List<String> stopped(ScenarioFleet fleet) {
    List<String> waiting = new ArrayList<>();
    fleet.await(
        "nothing is started any more",
        Duration.ofSeconds(20),
        () -> {
          List<String> round = new ArrayList<>();
          List<String> witnesses = new ArrayList<>();
          for (int i = 0; i < ROUND; i++) {
            round.add(emit(fleet, ScenarioFleet.CANVAS));
            witnesses.add(emit(fleet, "other"));
          }
          witnesses.forEach(id -> ends(fleet, id));
          waiting.addAll(round);
          return round.stream().allMatch(id -> fleet.starts(id).isEmpty());
        });
    return waiting;
  }

  private String emit(ScenarioFleet fleet, String canvas) {
    String id = "e" + emitted++;
    fleet.emit(canvas, id, "return");
    return id;
  }

  private void runs(ScenarioFleet fleet) {
    ends(fleet, emit(fleet, ScenarioFleet.CANVAS));
  }

  private static void ends(ScenarioFleet fleet, String id) {
    fleet.await(id + " has ended", Duration.ofSeconds(20), () -> fleet.ends(id).size() == 1);
  }
}
