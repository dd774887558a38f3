package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatAWorkerCannotFinishIsHandedBackTest {
  private static final Duration GRACE = Duration.ofSeconds(5);

  @Test
  void andRunsElsewhereAtOnceAsItsNextAttempt(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      // A loss would wait for a minute.
      fleet.startWorker("--grace=" + GRACE.toSeconds(), "--retry-delays=60000,60000,60000,60000");
      fleet.startWorker("--grace=" + GRACE.toSeconds(), "--retry-delays=60000,60000,60000,60000");
      fleet.emit("long", "until go");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("long").size() == 1);
      WorkerProcess stopping = fleet.worker(fleet.starts("long").get(0).worker());

      long asked = System.nanoTime();
      stopping.terminate();
      assertEquals(6, stopping.exit(Duration.ofSeconds(10)));
      Duration took = Duration.ofNanos(System.nanoTime() - asked);
      assertTrue(took.compareTo(GRACE) < 0, "took " + took);
      fleet.await(
          "it runs elsewhere", Duration.ofSeconds(20), () -> fleet.starts("long").size() == 2);
      fleet.release("go");
      fleet.await("it has ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 1);

      assertEquals("completed", fleet.outcomes().get("long"));
      List<Trace> lost =
          fleet.traces().stream().filter(trace -> trace.getOutcome().equals("lost")).toList();
      assertEquals(1, lost.size());
      assertEquals(1, lost.get(0).getAttempt());
      assertEquals(
          "worker " + stopping.name() + " had to stop before this attempt ended and handed it back",
          lost.get(0).getReason());
      assertEquals(List.of(1, 2), fleet.starts("long").stream().map(Note::attempt).toList());
    }
  }
}
