package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.WorkerBeat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeardTest {
  private static final long BEGIN = -5; // A monotonic clock may be negative.

  private final Heard heard = new Heard();

  private static WorkerBeat beat(String worker, long second) {
    Instant at = Instant.EPOCH.plusSeconds(second);
    return new WorkerBeat(worker, "h", "running", Instant.EPOCH, 1, 0, 0, Set.of(), "1", 1, at);
  }

  private List<String> heard(long second, WorkerBeat... live) {
    return heard.of(List.of(live), BEGIN + Duration.ofSeconds(second).toNanos()).stream()
        .map(WorkerBeat::worker)
        .toList();
  }

  @Test
  void who_says_nothing_new_is_not_waited_for_whatever_the_clocks_say() {
    assertEquals(List.of("a", "b"), heard(0, beat("a", 100), beat("b", 100)));
    assertEquals(List.of("a", "b"), heard(9, beat("a", 108), beat("b", 100)));
    assertEquals(List.of("a"), heard(10, beat("a", 108), beat("b", 100)));
    assertEquals(List.of("a", "b"), heard(11, beat("a", 108), beat("b", 111)));
    assertEquals(List.of("b"), heard(20, beat("a", 108), beat("b", 111)));
  }
}
