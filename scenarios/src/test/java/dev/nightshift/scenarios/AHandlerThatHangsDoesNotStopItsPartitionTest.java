package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AHandlerThatHangsDoesNotStopItsPartitionTest {
  private static final int PASSING = Integer.getInteger("nightshift.scenario.passing", 200_000);
  private static final TopicPartition PARTITION =
      new TopicPartition(ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1), 0);
  private static final int LEDGER_CHARS_MAX = 4_096;

  @Test
  void hoursLongOthersPassIt(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(1);
      fleet.startWorker();
      fleet.emit("hangs", "until go");
      fleet.await("it hangs", Duration.ofSeconds(20), () -> fleet.starts("hangs").size() == 1);
      for (int done = 0; done < PASSING; done += 100_000) {
        fleet.emitMany("e" + done + "-", Math.min(100_000, PASSING - done), "");
        ledger(fleet);
      }
      fleet.await(
          "all others have ended",
          Duration.ofSeconds(30 + PASSING / 10_000),
          () -> {
            assertEquals(0, ledger(fleet).offset());
            return fleet.traceCount() == PASSING;
          });
      assertEquals(1, fleet.notes().size());

      fleet.release("go");
      fleet.await(
          "nothing of the partition is open",
          Duration.ofSeconds(20),
          () -> ledger(fleet).offset() == PASSING + 1);
      assertEquals(1, fleet.ends("hangs").size());
      assertEquals(PASSING + 1, fleet.traceCount());
    }
  }

  private static OffsetAndMetadata ledger(ScenarioFleet fleet) {
    OffsetAndMetadata ledger = fleet.ledgers().committed(PARTITION);
    assertTrue(ledger.metadata().length() <= LEDGER_CHARS_MAX);
    return ledger;
  }
}
