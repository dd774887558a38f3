package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.CanvasRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final Cause ADA = FleetBroker.ADA;
  private static final Instant NOW = FleetBroker.NOW;

  private static FleetBroker broker;

  @BeforeAll
  static void start() {
    broker = new FleetBroker();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void numbers_out_of_bounds_are_refused() {
    try (Fleet fleet = broker.fleet("bounds.")) {
      assertEquals(
          "replication 0 is not allowed: from 1 to 32767",
          assertThrows(FleetException.InvalidValue.class, () -> fleet.init(OptionalInt.of(0)))
              .getMessage());
      assertEquals(
          "partitions 0 is not allowed: from 1 to 10000",
          assertThrows(
                  FleetException.InvalidValue.class,
                  () -> fleet.createCanvas("shop", 0, OptionalInt.empty(), ADA))
              .getMessage());
      assertEquals(
          "replication 40000 is not allowed: from 1 to 32767",
          assertThrows(
                  FleetException.InvalidValue.class,
                  () -> fleet.createCanvas("shop", 1, OptionalInt.of(40_000), ADA))
              .getMessage());
      assertEquals(
          "canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
          assertThrows(FleetException.InvalidName.class, () -> FleetBroker.create(fleet, "Shop"))
              .getMessage());
    }
  }

  @Test
  void creating_and_deleting_a_canvas_is_in_the_audit() {
    try (Fleet fleet = broker.fleet("audit.")) {
      fleet.init(OptionalInt.of(1));
      Canvas first = canvas("audit.events.shop", 1, false);
      Canvas gone = canvas("audit.events.shop", 1, true);
      Canvas second = canvas("audit.events.shop.2", 2, false);
      Cause bob = new Cause("bob", "closed");
      assertEquals(new CanvasChange(true, Optional.empty(), first), createAgain(fleet, ADA));
      assertEquals(new CanvasChange(false, Optional.of(first), first), createAgain(fleet, bob));
      assertEquals(
          new CanvasChange(true, Optional.of(first), gone), fleet.deleteCanvas("shop", bob));
      assertEquals(
          new CanvasChange(false, Optional.of(gone), gone), fleet.deleteCanvas("shop", ADA));
      assertEquals(new CanvasChange(true, Optional.of(gone), second), createAgain(fleet, ADA));
    }
    assertEquals(
        List.of(
            audited("ada", "create", "none", "generation 1, topic audit.events.shop, active"),
            audited(
                "bob",
                "delete",
                "generation 1, topic audit.events.shop, active",
                "generation 1, topic audit.events.shop, deleted"),
            audited(
                "ada",
                "create",
                "generation 1, topic audit.events.shop, deleted",
                "generation 2, topic audit.events.shop.2, active")),
        audit("audit.audit", 3));
  }

  private static Canvas canvas(String topic, int generation, boolean deleted) {
    return new Canvas("shop", generation, topic, "audit.workers", deleted);
  }

  private static CanvasChange createAgain(Fleet fleet, Cause cause) {
    return fleet.createCanvas("shop", 1, OptionalInt.of(1), cause);
  }

  private static AuditRecord audited(String actor, String action, String before, String after) {
    String reason = actor.equals("ada") ? "new shop" : "closed";
    return new AuditRecord(NOW, actor, "canvas " + action, "shop", before, after, reason);
  }

  @Test
  void canvases_may_share_a_topic() throws Exception {
    try (Fleet fleet = broker.fleet("sharing.")) {
      fleet.init(OptionalInt.of(1));
      Canvas one = share(fleet, "one").after();
      assertEquals(one, share(fleet, "one").before().orElseThrow());
      Canvas two = share(fleet, "two").after();
      assertEquals("sharing.events.shared.small", one.topic());
      assertEquals(one.topic(), two.topic());
      assertEquals(3, fleet.partitions(one.topic()));
      assertEquals("generation 1, topic sharing.events.shared.small (shared), active", one.text());
      fleet.deleteCanvas("one", ADA);
      assertEquals(
          "canvas one cannot be created in the shared topic sharing.events.shared.small again: what"
              + " was emitted there before it was deleted may still be there. Create it with a topic"
              + " of its own, nightshift canvas create one, or name another one that it shares",
          assertThrows(FleetException.Refused.class, () -> share(fleet, "one")).getMessage());
      assertEquals("sharing.events.one.2", FleetBroker.create(fleet, "one").topic());
      assertEquals(
          "shared topic name '2' is not allowed: 1 to 63 of a-z, 0-9 and '-', starting with a"
              + " letter",
          assertThrows(FleetException.InvalidName.class, () -> shared("2")).getMessage());
    }
  }

  @Test
  void deleted_canvases_leave_the_topic_that_they_share() throws Exception {
    try (Fleet fleet = broker.fleet("leaving.")) {
      fleet.init(OptionalInt.of(1));
      Canvas one = share(fleet, "one").after();
      share(fleet, "two");
      share(fleet, "three");
      fleet.createLane(one, "mail");
      TopicPartition partition = new TopicPartition(one.topic(), 0);
      for (String name : List.of("one", "two")) {
        ProducerRecord<byte[], byte[]> event =
            new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]);
        event.headers().add(EventHeaders.CANVAS, name.getBytes(UTF_8));
        writeByHand(event);
      }
      Canvas deleted = fleet.deleteCanvas("one", ADA).after();
      Canvas three = fleet.deleteCanvas("three", ADA).after();
      try (CanvasRemoval turn = removal()) {
        assertTrue(turn.waits(fleet.view(), deleted), "one of it stands in the shared topic");
        assertFalse(turn.waits(fleet.view(), three), "what stands there is of others");
        turn.leave(deleted);
      }
      Canvas gone = fleet.canvas("one");
      try (CanvasRemoval turn = removal()) {
        assertFalse(turn.delete(fleet.view(), gone));
        assertEquals(gone, fleet.canvas("one"), "the shared topic is read anyway");
      }

      broker
          .admin()
          .alterConsumerGroupOffsets(one.group(), Map.of(partition, new OffsetAndMetadata(1)))
          .all()
          .get();
      try (CanvasRemoval turn = removal()) {
        assertFalse(turn.waits(fleet.view(), gone), "what stands there is of another");
        assertTrue(turn.delete(fleet.view(), gone));
      }
      FleetBroker.await(() -> !broker.topicsOf("leaving.").contains("leaving.lane.one.1.mail"));
      assertTrue(broker.topicsOf("leaving.").contains(one.topic()));
      assertEquals(Set.of(one.topic()), fleet.view().topics(one.group()));
    }
  }

  private static CanvasRemoval removal() {
    return CanvasRemoval.of(broker.client(), new TopicPlan("leaving."), Duration.ofSeconds(20));
  }

  /// Who is second has looked before the first one's record was there.
  @Test
  void who_creates_a_canvas_second_gets_the_topic_of_who_was_first() throws Exception {
    try (Fleet one = broker.fleet("first.")) {
      one.init(OptionalInt.of(1));
      Canvas shop = overtaken(() -> share(one, "shop"), late -> FleetBroker.create(late, "shop"));
      assertEquals("first.events.shared.small", shop.topic());
      FleetBroker.await(() -> !broker.topicsOf("first.").contains("first.events.shop"));
      assertEquals(shop.topic(), lastRecord("first.control", shop.key()).getTopic());

      Canvas bank =
          overtaken(() -> FleetBroker.create(one, "bank"), late -> share(late, "bank").after());
      assertEquals("first.events.bank", bank.topic());
      assertEquals(bank.topic(), lastRecord("first.control", bank.key()).getTopic());

      // As one leaves it that stops before it has seen who was first.
      Canvas wrong = new Canvas("bank", 1, "first.events.shared.small", "first.workers", false);
      writeByHand(ControlRecords.of("first.control", wrong, "bob", NOW));
      assertEquals(bank, share(one, "bank").after());
      assertEquals(bank.topic(), lastRecord("first.control", bank.key()).getTopic());
    }
  }

  // Somebody else does something once the other has looked.
  private static Canvas overtaken(Runnable first, Function<Fleet, Canvas> late) {
    AtomicBoolean done = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (done.compareAndSet(false, true)) {
            first.run();
          }
          return NOW;
        };
    try (Fleet fleet =
        Fleet.of(broker.client(), new TopicPlan("first."), Duration.ofSeconds(20), clock)) {
      return late.apply(fleet);
    }
  }

  private static void writeByHand(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            broker.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  private static CanvasRecord lastRecord(String topic, String key) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            broker.client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Map<TopicPartition, Long> end = consumer.endOffsets(List.of(partition));
      @Nullable CanvasRecord last = null;
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!end.equals(Map.of(partition, consumer.position(partition)))) {
        assertTrue(System.nanoTime() < until, "the log was not read within 20 s");
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (new String(record.key(), UTF_8).equals(key)) {
            last = RecordCodec.CANVASES.decode(record.value());
          }
        }
      }
      return Objects.requireNonNull(last, key);
    }
  }

  private static CanvasChange share(Fleet fleet, String name) {
    return fleet.createCanvas(name, shared("small"), ADA);
  }

  private static CanvasTopic shared(String name) {
    return new CanvasTopic(Optional.of(name), 3, OptionalInt.of(1));
  }

  @Test
  void a_canvas_that_never_was_cannot_be_deleted() {
    try (Fleet fleet = broker.fleet("never.")) {
      fleet.init(OptionalInt.of(1));
      assertEquals(
          "there is no canvas 'shop', nor any other; create one with: nightshift canvas create"
              + " NAME",
          assertThrows(FleetException.UnknownCanvas.class, () -> fleet.deleteCanvas("shop", ADA))
              .getMessage());
    }
  }

  @Test
  void two_that_create_a_canvas_at_once_get_the_same() throws Exception {
    try (Fleet one = broker.fleet("race.");
        Fleet other = broker.fleet("race.")) {
      List<CompletableFuture<Set<String>>> made = new ArrayList<>();
      CyclicBarrier together = new CyclicBarrier(2);
      for (Fleet fleet : List.of(one, other)) {
        made.add(inThread(together, () -> fleet.init(OptionalInt.of(1))));
      }
      Set<String> names = new TreeSet<>();
      int count = 0;
      for (CompletableFuture<Set<String>> each : made) {
        names.addAll(each.get(60, TimeUnit.SECONDS));
        count += each.get().size();
      }
      assertEquals(
          Set.of(
              "race.audit",
              "race.control",
              "race.dead",
              "race.dead-done",
              "race.delayed",
              "race.retry",
              "race.scale",
              "race.schedules",
              "race.traces",
              "race.workers"),
          names);
      assertEquals(10, count, "a topic was made twice");
      for (int round = 0; round < 5; round++) {
        String name = "shop" + round;
        List<CompletableFuture<Canvas>> canvases = new ArrayList<>();
        for (Fleet fleet : List.of(one, other)) {
          canvases.add(inThread(together, () -> FleetBroker.create(fleet, name)));
        }
        Canvas expected = new Canvas(name, 1, "race.events." + name, "race.workers", false);
        for (CompletableFuture<Canvas> each : canvases) {
          assertEquals(expected, each.get(60, TimeUnit.SECONDS));
        }
        assertEquals(Optional.of(expected), one.view().canvas(name));
      }
    }
  }

  private static <T> CompletableFuture<T> inThread(CyclicBarrier together, Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> {
          try {
            together.await(60, TimeUnit.SECONDS);
            done.complete(work.call());
          } catch (Exception e) {
            done.completeExceptionally(e);
          }
        });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Test
  void a_cluster_that_is_not_there_is_a_clear_error_in_bounded_time() {
    try (Fleet fleet =
        Fleet.of(
            Map.of("bootstrap.servers", "127.0.0.1:1"),
            TopicPlan.standard(),
            Duration.ofMillis(1500))) {
      assertEquals(
          "cannot read the settings of topic nightshift.control: Kafka at 127.0.0.1:1 did not answer"
              + " within 1.5 s (TimeoutException). Check that the brokers run and that"
              + " bootstrap.servers is right; a TLS or SASL listener also wants its settings in the"
              + " client configuration",
          assertThrows(FleetException.Unreachable.class, () -> fleet.init(OptionalInt.empty()))
              .getMessage());
    }
  }

  private static List<AuditRecord> audit(String topic, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            broker.client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      List<AuditRecord> records = new ArrayList<>();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (records.size() < count && System.nanoTime() < end) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> records.add(RecordCodec.AUDIT.decode(record.value())));
      }
      return records;
    }
  }
}
