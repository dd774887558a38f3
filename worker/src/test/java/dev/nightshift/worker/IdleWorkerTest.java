package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.events.WorkerEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// More workers than partitions.
@Timeout(120)
class IdleWorkerTest {
  @TempDir private Path folder;

  private final class Running {
    private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
    private final Worker worker;
    private final Thread loop;

    private Running(LocalKafka kafka, String name) {
      this.worker =
          Worker.start(
              new WorkerSettings(
                  Map.of("bootstrap.servers", kafka.bootstrapServers()),
                  TopicPlan.standard(),
                  name,
                  folder,
                  true,
                  10,
                  Duration.ofSeconds(5),
                  WorkerSettings.RETRY_DELAYS,
                  OptionalInt.of(1),
                  TraceLevel.ON),
              events::add);
      this.loop = Thread.ofPlatform().start(worker::run);
    }

    private boolean said(Class<? extends WorkerEvent> what) {
      return events.stream().anyMatch(what::isInstance);
    }

    private void stop() throws InterruptedException {
      worker.drain();
      loop.join();
      worker.close();
    }
  }

  @Test
  void who_has_no_partition_says_so_and_takes_over_when_one_is_left() throws Exception {
    try (LocalKafka kafka = LocalKafka.start()) {
      makeOnePartition(kafka);
      Running first = new Running(kafka, "first");
      await(() -> first.said(WorkerEvent.Assigned.class));
      Running second = new Running(kafka, "second");
      await(() -> second.said(WorkerEvent.NothingAssigned.class));
      await(() -> second.worker.status().joined());
      assertEquals(0, second.worker.status().partitions());
      first.stop();
      await(() -> second.said(WorkerEvent.Assigned.class));
      second.stop();
    }
  }

  // Nothing but the retry topic is read while there are no canvases.
  private static void makeOnePartition(LocalKafka kafka) throws Exception {
    NewTopic retry =
        new NewTopic(TopicPlan.standard().retry(), Optional.of(1), Optional.of((short) 1))
            .configs(Map.of("retention.ms", "-1", "retention.bytes", "-1"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(retry)).all().get();
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(10_000_000);
    }
  }
}
