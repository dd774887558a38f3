package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.DelayedKey;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events that are due later.
@Timeout(120)
class DelayedEmissionTest {
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void one_that_is_due_at_a_time_waits_as_it_is_under_its_canvas_and_id() {
    Instant due =
        Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.MICROS).plusNanos(1);
    try (Emitter emitter = Emitter.connect(settings("at"))) {
      Emitted emitted = emitter.emit(bill("order-17").at(due)).join();
      assertEquals("order-17", emitted.id());
      assertEquals("at.delayed", emitted.topic());
      assertEquals(DelayedKey.partition(DelayedKey.of("shop", "order-17"), 6), emitted.partition());
      ConsumerRecord<byte[], byte[]> record = read(emitted);
      assertEquals("shop/order-17", new String(record.key(), UTF_8));
      assertEquals("{}", new String(record.value(), UTF_8));
      assertEquals("order-17", header(record, "ce_id"));
      assertEquals("bill", header(record, "ce_type"));
      assertEquals("shop", header(record, "ns-canvas"));
      assertEquals("application/json", header(record, "content-type"));
      assertEquals("at.events.shop", header(record, "ns-events-topic"));
      assertEquals(
          due.plusNanos(999), Instant.parse(header(record, "ns-due")), "never early, if cut");
    }
  }

  @Test
  void a_delay_counts_from_when_it_is_emitted() {
    Emission hourLater = bill("order-17").after(Duration.ofHours(1));
    try (Emitter emitter = Emitter.connect(settings("after"))) {
      Instant before = Instant.now();
      Emitted emitted = emitter.emit(hourLater).join();
      Instant after = Instant.now();
      Instant due = Instant.parse(header(read(emitted), "ns-due")).minus(Duration.ofHours(1));
      assertFalse(due.isBefore(before), () -> due + " is before " + before);
      assertFalse(due.isAfter(after.plusNanos(1_000)), () -> due + " is after " + after);
    }
  }

  @Test
  void all_of_one_id_is_in_one_partition_and_other_ids_in_others() {
    Set<Integer> used = new HashSet<>();
    try (Emitter emitter = Emitter.connect(settings("spread"))) {
      for (int i = 0; i < 30; i++) {
        Emission emission = bill("e" + i).after(Duration.ofHours(1));
        int first = emitter.emit(emission).join().partition();
        assertEquals(first, emitter.emit(emission.after(Duration.ofHours(2))).join().partition());
        used.add(first);
      }
    }
    assertEquals(Set.of(0, 1, 2, 3, 4, 5), used);
  }

  @Test
  void one_whose_time_has_come_is_emitted_at_once() {
    try (Emitter emitter = Emitter.connect(settings("past"))) {
      List<Emission> due =
          List.of(
              bill("e1").at(Instant.now()),
              bill("e2").at(Instant.EPOCH),
              bill("e3").after(Duration.ZERO));
      for (Emission each : due) {
        Emitted emitted = emitter.emit(each).join();
        assertEquals("past.events.shop", emitted.topic());
        ConsumerRecord<byte[], byte[]> record = read(emitted);
        assertNull(record.key());
        assertNull(record.headers().lastHeader("ns-due"));
      }
    }
  }

  @Test
  void what_is_not_within_366_days_is_refused() {
    try (Emitter emitter = Emitter.connect(settings("far"))) {
      emitter.emit(bill("e1").after(Duration.ofDays(366))).join();
      assertEquals(
          "a delay of 366d0.000000001s is not allowed: from 0s to 366d",
          refusal(emitter.emit(bill("e2").after(Duration.ofDays(366).plusNanos(1)))));
      assertEquals(
          "a delay of -1s is not allowed: from 0s to 366d",
          refusal(emitter.emit(bill("e2").after(Duration.ofSeconds(-1)))));
      String message = refusal(emitter.emit(bill("e2").at(Instant.parse("3000-01-01T00:00:00Z"))));
      assertTrue(
          message.matches(
              "an event due at 3000-01-01T00:00:00Z is not allowed: at most 366 days ahead, until"
                  + " 20\\S+Z"),
          message);
    }
  }

  @Test
  void the_recording_emitter_does_the_same() {
    RecordingEmitter emitter = new RecordingEmitter();
    Emission later = bill("e1").after(Duration.ofHours(1));
    assertEquals("nightshift.delayed", emitter.emit(later).join().topic());
    assertEquals("nightshift.events.shop", emitter.emit(bill("e2")).join().topic());
    assertEquals(
        "a delay of 400d is not allowed: from 0s to 366d",
        refusal(emitter.emit(bill("e3").after(Duration.ofDays(400)))));
    assertEquals(
        List.of(later.due(), Optional.empty()),
        emitter.emitted().stream().map(Emission::due).toList());
  }

  private static Emission bill(String id) {
    return new Emission(
        "shop",
        "bill",
        "{}".getBytes(UTF_8),
        Optional.of("application/json"),
        Optional.of(id),
        Map.of());
  }

  private static EmitterSettings settings(String prefix) {
    return EmitterSettings.of(kafka.bootstrapServers(), "tests")
        .withPlan(new TopicPlan(prefix + "."));
  }

  private static String refusal(CompletableFuture<Emitted> future) {
    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    return String.valueOf(
        assertInstanceOf(EmitException.InvalidEvent.class, thrown.getCause()).getMessage());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return new String(header.value(), UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> read(Emitted emitted) {
    TopicPartition partition = new TopicPartition(emitted.topic(), emitted.partition());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, emitted.offset());
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          return record;
        }
      }
    }
  }
}
