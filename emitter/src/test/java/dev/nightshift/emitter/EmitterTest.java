package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmitterTest {
  private static final Cause CAUSE = new Cause("tests", "");

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
  void whatIsAcknowledgedIsInKafkaOnceEach() throws Exception {
    EmitterSettings settings = settings("many");
    Set<String> ids = new HashSet<>();
    try (Emitter emitter = Emitter.connect(settings)) {
      List<CompletableFuture<Emitted>> futures = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        futures.add(emitter.emitJson("quakes", "assess", "{\"n\":" + i + "}"));
      }
      emitter.flush();
      for (CompletableFuture<Emitted> future : futures) {
        assertTrue(future.isDone());
        ids.add(future.get().id());
      }
    }
    assertEquals(100_000, ids.size());
    Set<String> stored = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : read("many.events.quakes", 100_000)) {
      EventEnvelope event = EventEnvelope.read(record, false);
      assertEquals("assess", event.queue());
      assertTrue(stored.add(event.id()), () -> event.id() + " is stored twice");
    }
    assertEquals(ids, stored);
  }

  @Test
  void eventsAreSpreadEvenlyOverThePartitions() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("spread"))) {
      Map<Integer, Integer> counts = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        counts.merge(emitter.emitJson("quakes", "assess", "{}").get().partition(), 1, Integer::sum);
      }
      assertEquals(Map.of(0, 2, 1, 2, 2, 2, 3, 2, 4, 2, 5, 2), counts);
      List<CompletableFuture<Emitted>> burst = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        burst.add(emitter.emitJson("quakes", "assess", "{}"));
      }
      for (CompletableFuture<Emitted> each : burst) {
        counts.merge(each.get().partition(), 1, Integer::sum);
      }
      assertEquals(Map.of(0, 102, 1, 102, 2, 102, 3, 102, 4, 102, 5, 102), counts);
    }
  }

  @Test
  void aFleetThatIsBeingMadeIsWaitedFor() throws Exception {
    EmitterSettings settings = settings("young").withoutCreatingCanvases();
    CompletableFuture<Emitter> connecting =
        CompletableFuture.supplyAsync(() -> Emitter.connect(settings));
    try (Fleet fleet = fleet("young")) {
      fleet.init(OptionalInt.of(1));
    }
    connecting.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void aFleetThatNobodyMakesIsNotWaitedForLong() {
    EmitterSettings settings = settings("none").withoutCreatingCanvases();
    assertEquals(
        "cannot read the control topic none.control: it does not exist on "
            + kafka.bootstrapServers()
            + ". Check the address and the topic prefix (none.); a new fleet's topics are made by"
            + " its first worker",
        assertThrows(FleetException.NotInitialized.class, () -> Emitter.connect(settings))
            .getMessage());
  }

  @Test
  void theRecordIsACloudEvent() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("wire"))) {
      Emission emission =
          Emission.ofJson("quakes", "assess", "{}")
              .withId("order-17")
              .withHeaders(
                  Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
      Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      Emitted emitted = emitter.emit(emission).get();
      assertEquals("order-17", emitted.id());
      ConsumerRecord<byte[], byte[]> record = read(emitted.topic(), 1).get(0);
      assertEquals("{}", new String(record.value(), UTF_8));
      assertEquals("1.0", header(record, "ce_specversion"));
      assertEquals("order-17", header(record, "ce_id"));
      assertEquals("assess", header(record, "ce_type"));
      assertEquals("tests", header(record, "ce_source"));
      assertEquals("application/json", header(record, "content-type"));
      Instant time = Instant.ofEpochMilli(record.timestamp());
      assertTrue(!time.isBefore(before) && !time.isAfter(Instant.now()), time.toString());
      assertEquals(
          Set.of("ce_specversion", "ce_id", "ce_type", "ce_source", "content-type", "traceparent"),
          names(record),
          "what its topic and its own time say is not said again");
      assertEquals(
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", header(record, "traceparent"));
    }
  }

  @Test
  void wrongNamesAreRefusedWithWhatIsAllowed() {
    try (Emitter emitter = Emitter.connect(settings("names"))) {
      assertEquals(
          "canvas name 'No Such' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
          refused(EmitException.InvalidEvent.class, emitter.emit("No Such", "assess", "x")));
      assertEquals(
          "queue name 'a/b' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'",
          refused(EmitException.InvalidEvent.class, emitter.emit("quakes", "a/b", "x")));
      assertEquals(
          "header 'ns-attempt' is not allowed: names that start with ce_ or ns- are reserved",
          refused(
              EmitException.InvalidEvent.class,
              emitter.emit(
                  Emission.ofJson("quakes", "assess", "{}")
                      .withHeaders(Map.of("ns-attempt", "4")))));
      assertEquals(
          "event id '' is not allowed: 1 to 200 printable ASCII characters without spaces",
          refused(
              EmitException.InvalidEvent.class,
              emitter.emit(Emission.ofJson("quakes", "assess", "{}").withId(""))));
    }
  }

  @Test
  void aPayloadOverTheLimitIsRefusedAndOneBelowIsNot() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("large"))) {
      String message =
          refused(
              EmitException.PayloadTooLarge.class,
              emitter.emit("quakes", "assess", new byte[1 << 20]));
      assertTrue(
          message.startsWith("the event's payload has 1048576 bytes, with its headers "), message);
      assertTrue(
          message.endsWith(
              "; at most 1047552 are allowed. Store large data elsewhere and emit where it is"),
          message);
      byte[] random = new byte[1_040_000];
      new java.util.Random(1).nextBytes(random);
      emitter.emit("quakes", "assess", random).get();
    }
  }

  @Test
  void anUnknownCanvasIsRefusedWhereItMayNotBeCreated() {
    fleet("strict").init(OptionalInt.of(1));
    try (Emitter emitter = Emitter.connect(settings("strict").withoutCreatingCanvases())) {
      assertEquals(
          "there is no canvas 'quakes' and this emitter may not create one: create it with 'nightshift"
              + " canvas create quakes', or allow createCanvases",
          refused(EmitException.UnknownCanvas.class, emitter.emit("quakes", "assess", "x")));
    }
  }

  @Test
  void aDeletedCanvasIsRefusedAndOneCreatedAgainHasANewTopic() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("again"));
        Fleet fleet = fleet("again")) {
      assertEquals("again.events.quakes", emitter.emit("quakes", "assess", "x").get().topic());
      fleet.deleteCanvas("quakes", CAUSE);
      awaitRefusal(emitter);
      Canvas second = fleet.createCanvas("quakes", 1, OptionalInt.of(1), CAUSE).after();
      assertEquals("again.events.quakes.2", second.topic());
      try (Emitter another = Emitter.connect(settings("again"))) {
        assertEquals("again.events.quakes.2", another.emit("quakes", "assess", "x").get().topic());
      }
    }
  }

  private static void awaitRefusal(Emitter emitter) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      try {
        emitter.emit("quakes", "assess", "x").get();
      } catch (java.util.concurrent.ExecutionException e) {
        assertInstanceOf(EmitException.CanvasDeleted.class, e.getCause());
        assertEquals(
            "canvas 'quakes' was deleted; create it again with: nightshift canvas create quakes",
            e.getCause().getMessage());
        return;
      }
    }
    throw new AssertionError("the emitter never learned of the deletion");
  }

  @Test
  void twoThatCreateACanvasAtOnceGetOne() throws Exception {
    try (Emitter a = Emitter.connect(settings("race"));
        Emitter b = Emitter.connect(settings("race"))) {
      var first = CompletableFuture.supplyAsync(() -> a.emit("quakes", "x", "1").join());
      var second = CompletableFuture.supplyAsync(() -> b.emit("quakes", "x", "2").join());
      assertEquals("race.events.quakes", first.get().topic());
      assertEquals("race.events.quakes", second.get().topic());
    }
  }

  @Test
  void aFullBufferFailsOrWaitsAsTold() throws Exception {
    EmitterSettings small = settings("bound").withBound(20_000, Duration.ZERO);
    try (Emitter emitter = Emitter.connect(small)) {
      emitter.emit("quakes", "x", "first").get();
      List<CompletableFuture<Emitted>> futures = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        futures.add(emitter.emit("quakes", "x", new byte[1_000]));
      }
      emitter.flush();
      long full = futures.stream().filter(CompletableFuture::isCompletedExceptionally).count();
      assertTrue(full > 0 && full < 1_000, () -> full + " of 1000 were refused");
      assertTrue(futures.stream().allMatch(CompletableFuture::isDone));
    }
    try (Emitter emitter =
        Emitter.connect(settings("bound").withBound(20_000, Duration.ofSeconds(30)))) {
      for (int i = 0; i < 1_000; i++) {
        emitter.emit("quakes", "x", new byte[1_000]);
      }
      emitter.emit("quakes", "x", "last").get();
    }
  }

  @Test
  void aClosedEmitterSaysSo() {
    Emitter emitter = Emitter.connect(settings("closed"));
    emitter.close();
    emitter.close();
    assertEquals(
        "this emitter was closed; nothing was stored. Connect a new one",
        refused(EmitException.Closed.class, emitter.emit("quakes", "assess", "x")));
  }

  @Test
  void aClusterThatIsNotThereIsAClearErrorInBoundedTime() {
    EmitterSettings nowhere =
        EmitterSettings.of("127.0.0.1:1", "tests").withConfirmTimeout(Duration.ofSeconds(1));
    FleetException.Unreachable thrown =
        assertThrows(FleetException.Unreachable.class, () -> Emitter.connect(nowhere));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(
        message.startsWith(
            "cannot read the settings of topic nightshift.control: Kafka at 127.0.0.1:1 did not answer within 1 s"),
        message);
    assertTrue(message.contains("Check that the brokers run"), message);
  }

  @Test
  void aBrokerThatGoesAwayLeavesNoFutureOpen() throws Exception {
    try (LocalKafka own = LocalKafka.start()) {
      EmitterSettings settings =
          EmitterSettings.of(own.bootstrapServers(), "tests")
              .withConfirmTimeout(Duration.ofSeconds(3));
      try (Emitter emitter = Emitter.connect(settings)) {
        emitter.emit("quakes", "x", "there").get();
        own.stop();
        CompletableFuture<Emitted> lost = emitter.emit("quakes", "x", "gone");
        Throwable cause =
            assertThrows(
                    java.util.concurrent.ExecutionException.class,
                    () -> lost.get(30, TimeUnit.SECONDS))
                .getCause();
        // Kafka's client may have forgotten the topic's place by then: it does not even send it.
        String message = String.valueOf(assertInstanceOf(EmitException.class, cause).getMessage());
        if (cause instanceof EmitException.Unreachable) {
          assertTrue(
              message.endsWith("Nothing was stored; check the brokers and emit it again"), message);
        } else {
          assertInstanceOf(EmitException.NotConfirmed.class, cause);
          assertTrue(
              message.endsWith("It may or may not be stored: emit it again with the same id"),
              message);
        }
      }
    }
  }

  private static EmitterSettings settings(String prefix) {
    return EmitterSettings.of(kafka.bootstrapServers(), "tests")
        .withPlan(new TopicPlan(prefix + "."));
  }

  private static Fleet fleet(String prefix) {
    return Fleet.of(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new TopicPlan(prefix + "."),
        Duration.ofSeconds(10));
  }

  private static String refused(
      Class<? extends EmitException> type, CompletableFuture<Emitted> future) {
    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    return String.valueOf(assertInstanceOf(type, thrown.getCause()).getMessage());
  }

  private static Set<String> names(ConsumerRecord<byte[], byte[]> record) {
    return Stream.of(record.headers().toArray()).map(Header::key).collect(Collectors.toSet());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    assertEquals(count, records.size());
    return records;
  }
}
