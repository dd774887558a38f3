package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthIsExactAtRestTest {
  private static final String CANVAS = ScenarioFleet.CANVAS;
  private static final QueueName WORK = new QueueName(CANVAS, "work");
  private static final QueueName URGENT = new QueueName(CANVAS, "urgent");
  private static final QueueName OTHER = new QueueName("other", "work");
  private static final Cause CAUSE = new Cause("scenario", "as told");

  /// With transactions and aborted records in the log, partitions added, some events completed and
  /// some running, a paused queue in its lane, attempts lost with their worker, and retries that
  /// wait for their time.
  @Test
  void whateverIsInTheLog(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = fleet.control();
        BacklogReader reader =
            BacklogReader.of(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                ScenarioFleet.PLAN,
                Duration.ofSeconds(20))) {
      fleet.createCanvas(2);
      Steps steps = new Steps(fleet, control, reader);
      steps.transactionsAndAddedPartitions();
      steps.aLaneAndWhatRuns();
      steps.attemptsThatWereLostAndMayNotRunAgain();
      steps.whatEndedAboveWhatRuns();
      steps.retriesThatWaitForTheirTime();
    }
  }

  /// One goes on where the one before has ended.
  private record Steps(ScenarioFleet fleet, Fleet control, BacklogReader reader) {
    private static final QueueDepth FIFTY_IN_LANE = new QueueDepth(0, 50, 0, 0, Optional.empty());
    private static final Map<QueueName, QueueDepth> TWO_RUN =
        Map.of(URGENT, FIFTY_IN_LANE, WORK, new QueueDepth(0, 0, 0, 2, Optional.empty()));

    void transactionsAndAddedPartitions() throws Exception {
      fleet.emit("other", "first", "");
      String topic = ScenarioFleet.PLAN.events(CANVAS, 1);
      emitInTransactions(fleet, topic);
      fleet.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
      addToPartition(fleet, topic, 2, 7);
      assertEquals(
          Map.of(WORK, waiting(27), OTHER, waiting(1)), withoutAge(depths(control, reader)));
    }

    void aLaneAndWhatRuns() {
      control.raise(FlagKind.PAUSE, Scope.queue(CANVAS, "urgent"), CAUSE, Optional.empty());
      fleet.startWorker();
      fleet.await("all have ended", Duration.ofSeconds(30), () -> fleet.traceCount() == 28);
      for (int i = 0; i < 50; i++) {
        fleet.emitTo(CANVAS, "urgent", "u" + i, "");
      }
      fleet.emit("hangs1", "until never");
      fleet.emit("hangs2", "until never");
      await("what is paused is in its lane, the others run", TWO_RUN);
    }

    void attemptsThatWereLostAndMayNotRunAgain() {
      control.raise(FlagKind.BLOCK, Scope.queue(CANVAS, "work"), CAUSE, Optional.empty());
      fleet.worker("worker-1").kill();
      fleet.startWorker();
      await(
          "the lost attempts wait for the next, which is blocked",
          Map.of(URGENT, FIFTY_IN_LANE, WORK, new QueueDepth(0, 2, 0, 0, Optional.empty())));
      assertTrue(depths(control, reader).get(URGENT).oldest().isPresent());
    }

    void whatEndedAboveWhatRuns() {
      control.lift(FlagKind.BLOCK, Scope.queue(CANVAS, "work"), CAUSE);
      fleet.await(
          "they run again", Duration.ofSeconds(30), () -> fleet.starts("hangs1").size() == 2);
      fleet.emitMany("passes", 20, "");
      await("what ended does not count, though it stands above what runs", TWO_RUN);
    }

    void retriesThatWaitForTheirTime() {
      fleet.worker("worker-2").kill();
      fleet.startWorker("--retry-delays=0,600000,600000,600000");
      await(
          "the attempts that were lost again wait for their time",
          Map.of(URGENT, FIFTY_IN_LANE, WORK, new QueueDepth(0, 0, 2, 0, Optional.empty())));
    }

    private void await(String what, Map<QueueName, QueueDepth> expected) {
      fleet.await(
          what, Duration.ofSeconds(30), () -> withoutAge(depths(control, reader)).equals(expected));
    }
  }

  // 20 events that were committed among 20 that were not, with the markers of each transaction.
  private static void emitInTransactions(ScenarioFleet fleet, String topic) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.bootstrapServers(), "transactional.id", "t"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 40; i++) {
        producer.beginTransaction();
        producer.send(record(topic, i % 4 / 2, "t" + i));
        if (i % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.flush();
          producer.abortTransaction();
        }
      }
    }
  }

  private static void addToPartition(ScenarioFleet fleet, String topic, int partition, int count)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        producer.send(record(topic, partition, "p" + i)).get();
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String id) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, null, new byte[0]);
    record.headers().add("ce_id", id.getBytes(StandardCharsets.UTF_8));
    record.headers().add("ce_type", "work".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static SortedMap<QueueName, QueueDepth> depths(Fleet control, BacklogReader reader) {
    Backlog backlog = reader.begin(control.view(), Scope.all());
    assertTrue(backlog.read(Duration.ofSeconds(20)));
    return backlog.depths();
  }

  private static QueueDepth waiting(long count) {
    return new QueueDepth(count, 0, 0, 0, Optional.empty());
  }

  private static Map<QueueName, QueueDepth> withoutAge(SortedMap<QueueName, QueueDepth> depths) {
    Map<QueueName, QueueDepth> without = new java.util.TreeMap<>();
    depths.forEach((name, depth) ->
        without.put(
            name,
            new QueueDepth(
                depth.waiting(),
                depth.inLane(),
                depth.retrying(),
                depth.running(),
                Optional.empty())));
    return without;
  }
}
