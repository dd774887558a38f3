package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.backlog.QueueDepth;
import dev.nightshift.emitter.Emission;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.scheduler.ScaleSettings;
import dev.nightshift.scheduler.Scheduler;
import dev.nightshift.scheduler.SchedulerSettings;
import dev.nightshift.scheduler.UpkeepSettings;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatHasEndedIsTrimmedAndNothingElseTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TopicPartition EVENTS =
      new TopicPartition(ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1), 0);
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int ROUNDS = 5;
  private static final int ROUND_EVENTS = 400;
  private static final int EVENT_BYTES = 10_000;

  private final Queue<SchedulerEvent> told = new ConcurrentLinkedQueue<>();

  private Scheduler schedule(ScenarioFleet fleet) {
    return Scheduler.start(
        new SchedulerSettings(
            Map.of("bootstrap.servers", fleet.bootstrapServers()),
            ScenarioFleet.PLAN,
            "scheduler",
            ScaleSettings.DEFAULT,
            new UpkeepSettings(Duration.ofSeconds(1), false)),
        told::add);
  }

  /// A handler hangs on an old event while others pass it: what lies below goes, and neither it nor
  /// what has ended above. Its worker is killed, so it goes through the retry topic; when it has
  /// ended at last nothing is left anywhere.
  @Test
  void whileAWorkerHangsOnAnOldEvent(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(1);
      fleet.startWorker();
      fleet.emitMany("before", 50, "return");
      fleet.await("they have ended", SOON, () -> fleet.outcomes().size() == 50);
      fleet.emit("hangs", "until go");
      fleet.await("it hangs", SOON, () -> fleet.starts("hangs").size() == 1);
      try (Scheduler scheduler = schedule(fleet)) {
        fleet.await("what lies below is gone", SOON, () -> start(fleet, EVENTS) == 50);
        fleet.emitMany("passing", 300, "");
        fleet.await("they have ended", SOON, () -> fleet.traceCount() == 350);
        // Somebody else's event ends and is gone: there was a turn with all that in sight.
        fleet.emit("other", "witness", "return");
        fleet.await("all of another canvas is gone", SOON, () -> left(fleet, "other") == 0);
        assertEquals(50, start(fleet, EVENTS));
        assertEquals(301, left(fleet, ScenarioFleet.CANVAS));

        fleet.worker("worker-1").kill();
        fleet.release("go");
        fleet.startWorker();
        fleet.await("it has ended", SOON, () -> fleet.outcomes().containsKey("hangs"));
        assertEquals(1, fleet.ends("hangs").size());
        fleet.await(
            "nothing is left in any topic",
            SOON,
            () -> left(fleet, ScenarioFleet.CANVAS) + left(fleet, "other") + retries(fleet) == 0);
        try (Operator operator = new Operator(fleet)) {
          assertEquals(QueueDepth.NONE, operator.depth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE));
        }
        assertTrue(scheduler.status().joined());
      }
      assertEquals(352, fleet.outcomes().size(), "and nothing was lost or ran twice");
      assertEquals(
          List.of(),
          told.stream()
              .filter(event ->
                  event instanceof SchedulerEvent.TrimRefused
                      || event instanceof SchedulerEvent.UpkeepDelayed)
              .toList());
    }
  }

  /// Many times what may lie on disk passes through, and the disk use stays the same. Another
  /// topic, that somebody has compacted, cannot be trimmed: that is said once.
  @Test
  void andDiskUseStaysFlat(@TempDir Path folder) {
    LocalKafka.Settings eager =
        LocalKafka.Settings.defaults()
            .with("log.initial.task.delay.ms", "200")
            .with("log.retention.check.interval.ms", "200");
    try (ScenarioFleet fleet = new ScenarioFleet(folder, eager)) {
      fleet.createCanvas(1);
      set(fleet, EVENTS.topic(), "segment.bytes", Integer.toString(SEGMENT_BYTES));
      set(fleet, EVENTS.topic(), "file.delete.delay.ms", "100");
      fleet.startWorker("--traces=errors");
      fleet.emit("compacted", "first", "throw");
      fleet.await("it has ended", SOON, () -> fleet.traceCount() == 1);
      String compacted = ScenarioFleet.PLAN.events("compacted", 1);
      set(fleet, compacted, "cleanup.policy", "compact");
      try (Scheduler scheduler = schedule(fleet)) {
        for (int round = 0; round < ROUNDS; round++) {
          emitLarge(fleet, round);
          fleet.await(
              "it fits three segments",
              SOON,
              () -> left(fleet, ScenarioFleet.CANVAS) == 0 && disk(fleet) <= 3 * SEGMENT_BYTES);
        }
        assertTrue(scheduler.status().joined());
      }
      List<SchedulerEvent.TrimRefused> refused =
          told.stream()
              .filter(SchedulerEvent.TrimRefused.class::isInstance)
              .map(SchedulerEvent.TrimRefused.class::cast)
              .toList();
      assertEquals(List.of(compacted), refused.stream().map(each -> each.topic()).toList());
      assertEquals(
          "cannot trim topic "
              + compacted
              + ": Kafka at "
              + fleet.bootstrapServers()
              + " refuses (PolicyViolationException: Request parameters do not satisfy the"
              + " configured policy.). What has ended stays in "
              + compacted
              + " and takes disk; other topics are trimmed, and this one is tried again and again."
              + " It must have cleanup.policy=delete, and this scheduler needs the right Delete on"
              + " it",
          refused.getFirst().toString());
    }
  }

  private static void emitLarge(ScenarioFleet fleet, int round) {
    Random random = new Random(round);
    List<Emission> events = new ArrayList<>();
    for (int i = 0; i < ROUND_EVENTS; i++) {
      byte[] payload = new byte[EVENT_BYTES];
      random.nextBytes(payload);
      events.add(
          Emission.of(ScenarioFleet.CANVAS, "nobody", payload).withId("e" + round + "-" + i));
    }
    fleet.emitter().emitAll(events).forEach(emitted -> emitted.join());
  }

  private static long disk(ScenarioFleet fleet) {
    try {
      return fleet.admin().describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
          .flatMap(folders -> folders.values().stream())
          .flatMap(folder -> Optional.ofNullable(folder.replicaInfos().get(EVENTS)).stream())
          .mapToLong(ReplicaInfo::size)
          .sum();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- what is in the log

  private static long left(ScenarioFleet fleet, String canvas) {
    return left(fleet, ScenarioFleet.PLAN.events(canvas, 1), canvas.equals("other") ? 6 : 1);
  }

  // Marks of transactions are no records, and stay behind the last one.
  private static long retries(ScenarioFleet fleet) {
    try (TopicReader<Boolean> reader =
        new TopicReader<>(fleet.bootstrapServers(), ScenarioFleet.PLAN.retry(), record -> true)) {
      return reader.read().size();
    }
  }

  private static long left(ScenarioFleet fleet, String topic, int partitions) {
    long left = 0;
    for (int i = 0; i < partitions; i++) {
      TopicPartition partition = new TopicPartition(topic, i);
      left += offset(fleet, partition, OffsetSpec.latest()) - start(fleet, partition);
    }
    return left;
  }

  private static long start(ScenarioFleet fleet, TopicPartition partition) {
    return offset(fleet, partition, OffsetSpec.earliest());
  }

  private static long offset(ScenarioFleet fleet, TopicPartition partition, OffsetSpec which) {
    try {
      return fleet
          .admin()
          .listOffsets(Map.of(partition, which))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void set(ScenarioFleet fleet, String topic, String name, String value) {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    try {
      fleet
          .admin()
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
          .all()
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
