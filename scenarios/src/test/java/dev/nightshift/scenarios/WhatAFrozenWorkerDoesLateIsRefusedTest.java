package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatAFrozenWorkerDoesLateIsRefusedTest {
  private static final int PARENTS = 12;

  @Test
  void itsResultsItsCommitsAndItsChildEvents(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess frozen = fleet.startWorker();
      fleet.startWorker();
      for (int i = 0; i < PARENTS; i++) {
        fleet.emit("parent" + i, "child-until go child return");
      }
      fleet.await("all run", Duration.ofSeconds(20), () -> fleet.notes().size() == PARENTS);
      Set<String> its =
          fleet.notes().stream()
              .filter(note -> note.worker().equals(frozen.name()))
              .map(Note::id)
              .collect(Collectors.toSet());
      assertEquals(false, its.isEmpty());

      frozen.freeze();
      fleet.await(
          "the other runs them",
          Duration.ofSeconds(20),
          () -> its.stream().allMatch(id -> fleet.starts(id).size() == 2));
      fleet.release("go");
      fleet.await(
          "all parents and their children have ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == 2 * PARENTS);
      frozen.thaw();
      fleet.awaitMembers(2);
      // It works on, and what it still had to say has been said.
      AtomicInteger later = new AtomicInteger();
      fleet.await(
          "it runs what comes later",
          Duration.ofSeconds(20),
          () -> {
            fleet.emit("later" + later.getAndIncrement(), "return");
            return fleet.notes().stream()
                .anyMatch(n -> n.id().startsWith("later") && n.worker().equals(frozen.name()));
          });
      fleet.await(
          "what came later has ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == 2 * PARENTS + later.get());

      List<Trace> children =
          fleet.traces().stream().filter(trace -> trace.getQueue().equals("child")).toList();
      assertEquals(PARENTS, children.size());
      assertEquals(
          PARENTS,
          children.stream().map(child -> String.valueOf(child.getCause())).distinct().count());
      List<Trace> completed =
          fleet.traces().stream()
              .filter(trace -> trace.getEventId().startsWith("parent"))
              .filter(trace -> trace.getOutcome().equals("completed"))
              .toList();
      assertEquals(PARENTS, completed.size());
      for (Trace trace : completed) {
        assertEquals(its.contains(trace.getEventId()) ? 2 : 1, trace.getAttempt());
      }
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(0, fleet.dead().size());
    }
  }
}
