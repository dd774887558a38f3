package dev.nightshift.cli.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With real processes and a time of the test's own.
@Timeout(60)
class KeptProcessTest {
  private static final String RUNS = "exec sleep 600";
  private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

  private final Queue<String> scripts = new ArrayDeque<>();
  private final KeptProcess kept = new KeptProcess(this::start, DRAIN_MAX);
  private Duration now = Duration.ofDays(1);

  @AfterEach
  void close() {
    kept.close();
  }

  @Test
  void who_dies_again_and_again_is_started_later_each_time() {
    List<Duration> pauses = new ArrayList<>();
    for (int death = 1; death <= 7; death++) {
      scripts.add("exit 3");
      started();
      KeptProcess.Change.Died died = (KeptProcess.Change.Died) ended();
      assertEquals("ended with 3", died.process().end());
      pauses.add(died.pause());
      pass(died.pause().minusMillis(1));
      assertEquals(List.of(), turn(), "it is started too early");
      pass(Duration.ofMillis(1));
    }
    assertEquals(
        List.of(1, 2, 4, 8, 16, 30, 30),
        pauses.stream().map(pause -> (int) pause.toSeconds()).toList());
  }

  @Test
  void who_has_worked_for_a_while_is_started_again_as_soon_as_the_first_time() {
    scripts.addAll(List.of("exit 1", "exit 1", RUNS, RUNS));
    started();
    pass(((KeptProcess.Change.Died) ended()).pause());
    started();
    pass(((KeptProcess.Change.Died) ended()).pause());
    ChildProcess steady = started();
    pass(KeptProcess.STEADY);
    steady.kill();
    KeptProcess.Change.Died died = (KeptProcess.Change.Died) ended();
    assertEquals("was killed by signal 9", died.process().end());
    assertEquals(KeptProcess.PAUSE_MIN, died.pause());
  }

  @Test
  void who_cannot_be_started_is_tried_again() {
    scripts.add("");
    KeptProcess.Change.NotStarted not = (KeptProcess.Change.NotStarted) turn().get(0);
    assertEquals("no memory", not.why().getMessage());
    assertEquals(KeptProcess.PAUSE_MIN, not.pause());
    assertEquals(List.of(), turn());
    pass(not.pause());
    scripts.add(RUNS);
    assertTrue(started().alive());
  }

  @Test
  void who_is_drained_and_not_wanted_stays_away_until_it_is() {
    scripts.addAll(List.of(RUNS, RUNS));
    started();
    kept.want(false);
    kept.drain(now.toNanos());
    KeptProcess.Change.Drained drained = (KeptProcess.Change.Drained) ended();
    assertTrue(drained.process().endedByTerm());
    assertFalse(drained.killed());
    assertEquals(List.of(), turn());
    kept.want(true);
    assertTrue(started().alive());
  }

  @Test
  void who_is_drained_and_wanted_is_replaced_at_once() {
    scripts.addAll(List.of("exit 1", RUNS, RUNS));
    started();
    pass(((KeptProcess.Change.Died) ended()).pause());
    started();
    kept.drain(now.toNanos());
    kept.want(false);
    kept.want(true);
    assertTrue(kept.draining());
    ended();
    assertTrue(started().alive());
    assertFalse(kept.draining());
  }

  @Test
  void who_does_not_end_is_killed_when_its_time_is_over_and_not_before() {
    scripts.add("trap '' TERM; echo ready; " + RUNS);
    ChildProcess deaf = started();
    kept.want(false);
    kept.drain(now.toNanos());
    pass(DRAIN_MAX.minusNanos(1));
    kept.drain(now.toNanos());
    assertEquals(List.of(), turn());
    assertTrue(deaf.alive());
    pass(Duration.ofNanos(1));
    KeptProcess.Change.Drained drained = (KeptProcess.Change.Drained) turn().get(0);
    assertTrue(drained.killed());
    assertEquals("was killed by signal 9", deaf.end());
  }

  private ChildProcess start() throws IOException {
    String script = scripts.remove();
    if (script.isEmpty()) {
      throw new IOException("no memory");
    }
    Process process = new ProcessBuilder("sh", "-c", script).start();
    if (script.contains("echo")) {
      process.getInputStream().read();
    }
    return ChildProcess.of("child", process);
  }

  private List<KeptProcess.Change> turn() {
    return kept.turn(now.toNanos()).stream().toList();
  }

  private ChildProcess started() {
    return ((KeptProcess.Change.Started) turn().get(0)).process();
  }

  private KeptProcess.Change ended() {
    ChildProcess process = kept.process().orElseThrow();
    await(() -> !process.alive());
    return turn().get(0);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static void await(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
