package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private boolean none(long second, WorkerBeat... live) {
    return heard.none(List.of(live), BEGIN + Duration.ofSeconds(second).toNanos());
  }

  @Test
  void all_are_silent_when_nothing_new_was_heard_whatever_the_clocks_say() {
    assertFalse(none(0, beat("a", 100), beat("b", 101)));
    assertFalse(none(9, beat("a", 100), beat("b", 101)));
    assertTrue(none(10, beat("a", 100), beat("b", 101)));
    assertFalse(none(11, beat("a", 102), beat("b", 101)));
    assertTrue(none(21, beat("a", 102)));
    assertFalse(none(22), "there is none");
  }
}
