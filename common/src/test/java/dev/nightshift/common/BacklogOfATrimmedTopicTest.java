package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/// What has ended may be removed from the log while somebody counts or looks for an event.
class BacklogOfATrimmedTopicTest {
  private static final int EVENTS = 100;
  private static final int LEFT = 7;

  @Test
  void who_was_about_to_read_what_is_removed_counts_what_is_left() throws Exception {
    try (FleetBroker broker = new FleetBroker();
        Fleet fleet = broker.fleet("counted.");
        BacklogReader backlogs =
            BacklogReader.of(broker.client(), new TopicPlan("counted."), Duration.ofSeconds(20))) {
      fleet.init(OptionalInt.of(1));
      TopicPartition events = new TopicPartition(FleetBroker.create(fleet, "shop").topic(), 0);
      emit(broker, events.topic());
      Backlog backlog = backlogs.begin(fleet.view(), Scope.all());
      broker
          .admin()
          .deleteRecords(Map.of(events, RecordsToDelete.beforeOffset(EVENTS - LEFT)))
          .all()
          .get();
      assertTrue(backlog.read(Duration.ofSeconds(20)));
      assertEquals(
          LEFT,
          backlog.depths().getOrDefault(new QueueName("shop", "mail"), QueueDepth.NONE).waiting());
      assertEquals(1, backlog.progress());
      assertEquals(
          Optional.empty(),
          backlogs.find(fleet.view(), "e0", Instant.EPOCH, () -> false),
          "it was removed");
      assertTrue(
          backlogs.find(fleet.view(), "e99", Instant.EPOCH, () -> false).isPresent(), "it is left");

      Backlog all = backlogs.begin(fleet.view(), Scope.all());
      broker
          .admin()
          .deleteRecords(Map.of(events, RecordsToDelete.beforeOffset(EVENTS)))
          .all()
          .get();
      assertTrue(all.read(Duration.ofSeconds(20)), "nothing is left");
      assertEquals(Map.of(), all.depths());
    }
  }

  private static void emit(FleetBroker broker, String topic) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            broker.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < EVENTS; i++) {
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(topic, new byte[0]);
        event.headers().add(EventHeaders.ID, ("e" + i).getBytes(UTF_8));
        event.headers().add(EventHeaders.TYPE, "mail".getBytes(UTF_8));
        event.headers().add(EventHeaders.CANVAS, "shop".getBytes(UTF_8));
        producer.send(event);
      }
    }
  }
}
