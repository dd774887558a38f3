package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhateverAHandlerReturnsOrThrowsItsEventIsFinishedTest {
  private static final Map<String, String> OUTCOMES =
      Map.of(
          "return", "completed",
          "null", "completed",
          "false", "completed",
          "error-value", "completed",
          "throw", "errored",
          "overflow", "errored",
          "assertion", "errored",
          "linkage", "errored");

  @Test
  void andRunOnce(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      OUTCOMES.keySet().forEach(word -> fleet.emit(word, word));
      fleet.await(
          "all have ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == OUTCOMES.size());
      OUTCOMES.forEach((word, outcome) -> {
        assertEquals(outcome, fleet.outcomes().get(word), word);
        assertEquals(List.of(1), fleet.starts(word).stream().map(Note::attempt).toList(), word);
      });
      assertEquals(OUTCOMES.size(), fleet.traces().size());
      assertEquals(0, fleet.retries().size());
      assertEquals(0, fleet.dead().size());
    }
  }
}
