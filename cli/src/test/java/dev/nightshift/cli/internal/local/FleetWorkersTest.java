package dev.nightshift.cli.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With shells in the place of workers, and a time of the test's own.
@Timeout(60)
class FleetWorkersTest {
  private static final String ENDS_WHEN_TOLD = "trap 'exit 0' TERM; ";
  private static final String HANDS_BACK = "trap 'exit 6' TERM; ";
  private static final String FAILS = "trap 'exit 1' TERM; ";
  private static final String HANDS_BACK_WHEN_TOLD =
      "trap '' TERM; trap 'exit 6' USR1; exec 3<&0; (head -c 1 <&3 >&2; kill -USR1 $$) & ";
  private static final String IS_DEAF = "trap '' TERM; ";

  private final List<String> said = new ArrayList<>();
  private final List<ChildProcess> started = new ArrayList<>();
  private String script = ENDS_WHEN_TOLD;
  private long nanos = 1;
  private final FleetWorkers workers =
      new FleetWorkers(
          3, this::member, new FleetWorkers.Told(said::add, line -> said.add("! " + line)));

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void as_many_run_as_are_wanted_and_the_last_ones_are_drained() {
    turn();
    assertEquals(0, workers.running());
    want(1);
    want(3);
    want(1);
    awaitRunning(1);
    assertTrue(started.get(0).alive());
    want(2);
    assertEquals(
        List.of(
            "worker w-1 was started",
            "worker w-2 was started",
            "worker w-3 was started",
            "worker w-2 has drained",
            "worker w-3 has drained",
            "worker w-2 was started"),
        saidSorted(3, 5));
  }

  @Test
  void there_are_never_more_than_the_most_those_that_drain_among_them() {
    script = IS_DEAF;
    want(3);
    want(1);
    want(3);
    assertEquals(3, workers.running());
    assertEquals(3, started.size());
    started.get(1).kill();
    await(() -> started.size() == 4);
    assertEquals(3, workers.running());
    assertEquals(
        "! worker w-2 was killed by signal 9 while it drained. Why stands in w-2's log; what it ran"
            + " is run again elsewhere",
        said.get(3));
  }

  @Test
  void one_that_dies_is_started_again_and_the_others_go_on() {
    want(2);
    started.get(0).kill();
    await(() -> said.size() == 3);
    assertEquals(
        "! worker w-1 was killed by signal 9; another starts in 1s, what it ran is run again. Why it"
            + " ended stands in w-1's log",
        said.get(2));
    assertTrue(started.get(1).alive());
    nanos += Duration.ofSeconds(1).toNanos();
    turn();
    assertEquals("worker w-1 was started", said.get(3));
    assertEquals(2, workers.running());
  }

  @Test
  void one_that_cannot_be_started_is_tried_again() {
    script = "";
    want(1);
    assertEquals(
        List.of("! worker w-1 could not be started (no memory); it is tried again in 1s"), said);
    turn();
    assertEquals(1, said.size());
  }

  @Test
  void all_drain_side_by_side_at_the_end() {
    want(3);
    assertEnds(0, "worker w-1 has drained", "worker w-2 has drained", "worker w-3 has drained");
  }

  @Test
  void the_end_tells_of_what_was_handed_back() {
    want(1);
    script = HANDS_BACK;
    want(2);
    assertEnds(
        6, "worker w-1 has drained", "worker w-2 has handed back what was not finished in time");
  }

  @Test
  void the_end_tells_of_one_that_failed() {
    script = FAILS;
    want(1);
    script = HANDS_BACK;
    want(2);
    assertEnds(
        1,
        "! worker w-1 ended with 1 while it drained. Why stands in w-1's log; what it ran is run"
            + " again elsewhere",
        "worker w-2 has handed back what was not finished in time");
  }

  @Test
  void what_was_handed_back_before_the_end_does_not_count() {
    script = HANDS_BACK;
    want(1);
    want(0);
    awaitRunning(0);
    assertEnds(0);
  }

  @Test
  void who_is_told_to_hand_back_does_so_at_once() {
    script = HANDS_BACK_WHEN_TOLD;
    want(1);
    workers.drain(nanos);
    turn();
    assertEquals(1, workers.running());
    workers.handBack();
    awaitRunning(0);
    assertEquals(6, workers.exitCode());
  }

  @Test
  void who_does_not_end_in_time_is_killed() {
    script = IS_DEAF;
    want(1);
    workers.drain(nanos);
    nanos += ChildProcess.DRAIN_MAX.toNanos() - 1;
    turn();
    assertTrue(started.get(0).alive());
    nanos++;
    turn();
    assertEquals(
        "! worker w-1 did not end when its grace period was over and was killed; what it ran is run"
            + " again elsewhere",
        said.get(1));
    assertEquals(1, workers.exitCode());
  }

  private FleetWorkers.Member member(int number) {
    String name = "w-" + number;
    return new FleetWorkers.Member(
        new KeptProcess(() -> start(name), ChildProcess.DRAIN_MAX), name, "in " + name + "'s log");
  }

  private ChildProcess start(String name) throws IOException {
    if (script.isEmpty()) {
      throw new IOException("no memory");
    }
    Process process =
        new ProcessBuilder("sh", "-c", script + "echo; while :; do sleep 0.02; done").start();
    process.getInputStream().read();
    ChildProcess child = ChildProcess.of(name, process);
    started.add(child);
    return child;
  }

  private void want(int count) {
    workers.want(count, nanos);
    turn();
  }

  private void turn() {
    workers.turn(nanos);
    said.replaceAll(line -> line.replaceFirst(" \\(process [0-9]+\\)", ""));
  }

  private void assertEnds(int exitCode, String... last) {
    int before = said.size();
    workers.drain(nanos);
    awaitRunning(0);
    assertEquals(exitCode, workers.exitCode());
    assertEquals(List.of(last), saidSorted(before, said.size()).subList(before, said.size()));
  }

  // Those that end side by side do so in any order.
  private List<String> saidSorted(int from, int to) {
    List<String> sorted = new ArrayList<>(said);
    sorted.subList(from, to).sort(null);
    return sorted;
  }

  private void awaitRunning(int count) {
    await(() -> workers.running() == count);
  }

  private void await(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
      turn();
    }
  }
}
