package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkersViewTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void whoIsSilentWhileOthersAreNotIsDead() {
    WorkersView view = WorkersView.EMPTY.with(said("one", 0)).with(said("two", 11));

    assertEquals(List.of("two"), names(view.live()));
    assertEquals(List.of("one", "two"), names(view.with(said("one", 1)).live()));
  }

  @Test
  void whereAllAreSilentThisMachinesClockCounts() {
    WorkersView view = WorkersView.EMPTY.with(said("one", 0)).with(said("two", 10));

    assertEquals(List.of("one", "two"), names(view.live()));
    assertEquals(List.of("one", "two"), names(view.live(NOON.plusSeconds(19))));
    assertEquals(List.of("two"), names(view.live(NOON.plusSeconds(20))));
    assertEquals(List.of(), names(view.live(NOON.plusSeconds(30))));
  }

  private static List<String> names(List<WorkerBeat> beats) {
    return beats.stream().map(WorkerBeat::worker).toList();
  }

  private static WorkerBeat said(String worker, long second) {
    return new WorkerBeat(
        worker, "host", "running", NOON, 10, 0, 0, Set.of(), "1.0", 1, NOON.plusSeconds(second));
  }
}
