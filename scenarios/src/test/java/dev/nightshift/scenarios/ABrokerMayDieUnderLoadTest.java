package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightshift.local.LocalKafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ABrokerMayDieUnderLoadTest {
  private static final int BROKERS = 3;
  private static final Duration GOES_ON_MAX = Duration.ofSeconds(60);

  /// Of three brokers each is killed once (SIGKILL) and comes back with what its disk has, while
  /// events are emitted and run: among them those that lead the events' partitions, coordinate the
  /// workers' group and hold its ledgers. While a broker is gone a worker dies, too, so that
  /// another one reads its ledgers from those that are left.
  @Test
  void whatWasAcknowledgedRunsAndIsFinished(@TempDir Path folder) {
    assumeTrue(ContainerBroker.image().isEmpty(), "it needs three brokers, which run as processes");
    try (LocalKafkaCluster kafka = LocalKafkaCluster.start(BROKERS);
        ScenarioFleet fleet = new ScenarioFleet(folder, kafka.bootstrapServers())) {
      WorkerProcess lasting = fleet.startWorker();
      WorkerProcess dying = fleet.startWorker();
      try (EmitLoop load = new EmitLoop(fleet, "sleep 100")) {
        fleet.await("some have ended", GOES_ON_MAX, () -> fleet.outcomes().size() > 100);
        for (int node = 1; node <= BROKERS; node++) {
          kafka.kill(node);
          goesOn(fleet, load, "without broker " + node);
          dying.kill();
          dying = fleet.startWorker();
          goesOn(fleet, load, "with another worker");
          kafka.restart(node);
          fleet.await("all copies are there", GOES_ON_MAX, () -> allInSync(fleet));
        }
        load.close();
        fleet.await(
            "all have ended",
            GOES_ON_MAX,
            () -> fleet.outcomes().keySet().containsAll(load.acknowledged().keySet()));
        Set<String> ran =
            fleet.notes().stream()
                .filter(note -> !note.isStart())
                .map(Note::id)
                .collect(Collectors.toSet());
        assertTrue(ran.containsAll(load.acknowledged().keySet()));
      }
      assertTrue(lasting.alive(), lasting::printed);
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(0, fleet.dead().size());
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      fleet.await("all is settled", GOES_ON_MAX, () -> fleet.ledgers().claims(topic) == 0);
    }
  }

  private static void goesOn(ScenarioFleet fleet, EmitLoop load, String when) {
    int emitted = load.acknowledged().size();
    fleet.await(
        "emits go on " + when, GOES_ON_MAX, () -> load.acknowledged().size() > emitted + 100);
    int ended = fleet.outcomes().size();
    fleet.await("events end " + when, GOES_ON_MAX, () -> fleet.outcomes().size() > ended + 100);
  }

  private static boolean allInSync(ScenarioFleet fleet) {
    ListTopicsOptions all = new ListTopicsOptions().listInternal(true);
    try {
      return fleet
          .admin()
          .describeTopics(fleet.admin().listTopics(all).names().get())
          .allTopicNames()
          .get()
          .values()
          .stream()
          .map(TopicDescription::partitions)
          .flatMap(partitions -> partitions.stream().map(TopicPartitionInfo::isr))
          .allMatch(inSync -> inSync.size() == BROKERS);
    } catch (ExecutionException e) {
      return false; // The broker that was asked has just died, or come back.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
