package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Redriving and discarding on a real broker. Each test has its own fleet, by its prefix.
@Timeout(120)
class DeadLettersTest {
  private static final AtomicInteger FLEETS = new AtomicInteger();
  private static LocalKafka kafka;

  private DeadFleet fleet;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void make() {
    fleet = new DeadFleet(kafka.bootstrapServers(), "fleet" + FLEETS.incrementAndGet() + ".");
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void each_letter_is_redriven_once_and_the_audit_says_so_before() {
    fleet.dieMany("e", 1_200);
    assertEquals(1_200, fleet.redriveAll());
    assertEquals(0, fleet.redriveAll());
    assertOnceEach("e", 1_200);
    assertEquals(
        List.of(
            "ada | dead redrive | shop/mail | 1200 dead letters (all) | redriven | provider is"
                + " back"),
        fleet.audited());
  }

  @Test
  void who_is_overtaken_stops_and_the_other_does_the_rest() {
    fleet.dieMany("e", 30);
    try (DeadLetters one = fleet.letters();
        DeadLetters other = fleet.letters();
        LetterJob first = one.begin(one.planRedrive(DeadFleet.ALL), DeadFleet.CAUSE)) {
      AtomicInteger turns = new AtomicInteger();
      first.run(Optional.of(Pace.parse("100/s")), () -> turns.incrementAndGet() > 1, handled -> {});
      assertEquals(10, first.done());
      try (LetterJob second = other.begin(other.planRedrive(DeadFleet.ALL), DeadFleet.CAUSE)) {
        assertEquals(20, second.total());
        assertEquals(
            "somebody else began to redrive or discard dead letters of this fleet, or this process"
                + " stood still for 10 s; only one can be at it, so this one stopped. What it did is"
                + " done and is not done again. See what is left with: nightshift dead list",
            assertThrows(DeadLetterException.Overtaken.class, () -> run(first)).getMessage());
        assertEquals(10, first.done());
        run(second);
        assertEquals(20, second.done());
      }
    }
    assertOnceEach("e", 30);
  }

  @Test
  void a_plan_that_is_old_leaves_out_what_was_done_since() {
    fleet.die("e0", "e1", "e2");
    try (DeadLetters letters = fleet.letters()) {
      LetterPlan old = letters.planRedrive(DeadFleet.ALL);
      assertEquals(3, fleet.redriveAll());
      fleet.die("later");
      try (LetterJob job = letters.begin(old, DeadFleet.CAUSE)) {
        assertEquals(0, job.total());
        run(job);
        assertEquals(0, job.done());
      }
    }
    assertOnceEach("e", 3);
  }

  @Test
  void a_redriver_killed_in_its_transaction_has_done_nothing() throws Exception {
    fleet.dieMany("e", 10);
    Map<String, Object> settings = new HashMap<>(fleet.client);
    settings.put("transactional.id", fleet.plan.deadTransactionalId());
    try (KafkaProducer<byte[], byte[]> killed =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      killed.initTransactions();
      killed.beginTransaction();
      try (DeadLog log = new DeadLog(fleet.client, fleet.plan, DeadFleet.TIMEOUT)) {
        DeadLog.Extent extent = log.extent();
        for (long offset = 0; offset < 3; offset++) {
          killed.send(
              new LetterEnd(LetterState.REDRIVEN, Letters.NOON, "bob", "")
                  .record(fleet.plan.deadDone(), extent.topicId(), new LetterId(0, offset)));
        }
      }
      killed
          .send(
              new ProducerRecord<>(
                  fleet.plan.events("shop", 1),
                  0,
                  null,
                  null,
                  null,
                  Letters.headers(Letters.exhausted("e0"))))
          .get();
      killed.flush();
      assertEquals(10, fleet.redriveAll());
      assertOnceEach("e", 10);
      killed.close(Duration.ZERO);
    }
  }

  @Test
  void many_at_once_that_are_stopped_anywhere_do_each_letter_once() throws Exception {
    fleet.dieMany("e", 200);
    List<CompletableFuture<Void>> racing =
        List.of(1L, 2L, 3L).stream()
            .map(seed -> CompletableFuture.runAsync(() -> race(new Random(seed))))
            .toList();
    for (CompletableFuture<Void> each : racing) {
      each.get(100, TimeUnit.SECONDS);
    }
    assertOnceEach("e", 200);
  }

  private void race(Random random) {
    while (true) {
      int turns = random.nextInt(4);
      AtomicInteger turn = new AtomicInteger();
      try (DeadLetters letters = fleet.letters()) {
        LetterPlan plan = letters.planRedrive(DeadFleet.ALL);
        if (plan.count() == 0) {
          return;
        }
        try (LetterJob job = letters.begin(plan, DeadFleet.CAUSE)) {
          job.run(
              Optional.of(Pace.parse("200/s")),
              () -> turn.incrementAndGet() > turns,
              handled -> {});
        }
      } catch (DeadLetterException.Overtaken e) {
        // Another one goes on.
      }
      LockSupport.parkNanos(random.nextInt(50_000_000));
    }
  }

  @Test
  void what_cannot_be_redriven_stays_and_is_named() {
    fleet.die("good");
    Map<String, @Nullable String> broken = fleet.exhausted("x");
    broken.remove("ce_type");
    fleet.die(broken, "?");
    Map<String, @Nullable String> foreign = fleet.exhausted("y");
    foreign.put("ns-origin", "somewhere/0/1");
    foreign.put("ns-canvas", "bank");
    fleet.die(foreign, "?");
    try (DeadLetters letters = fleet.letters()) {
      LetterPlan plan = letters.planRedrive(DeadFleet.ALL);
      assertEquals(
          Map.of(
              "it is no event: it has no header ce_type",
              1L,
              "no canvas of the control log has its topic somewhere",
              1L),
          plan.stays().byReason());
      assertEquals(1, plan.count());
      try (LetterJob job = letters.begin(plan, DeadFleet.CAUSE)) {
        run(job);
      }
      assertEquals(
          List.of("bank/mail", "shop/?"),
          letters.list(LetterFilter.ALL, false, 10).letters().stream()
              .map(found -> found.letter().target())
              .sorted()
              .toList());
    }
    assertEquals(Map.of("good", 1), fleet.emitted());
  }

  @Test
  void one_that_its_topic_does_not_take_holds_up_no_other() throws Exception {
    Map<String, @Nullable String> headers = fleet.exhausted("large");
    fleet.dieMany("e", 9);
    fleet.die(headers, "x".repeat(5_000) + new Random(1).ints(3_000, 33, 126).boxed().toList());
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, fleet.plan.events("shop", 1));
    fleet
        .admin
        .incrementalAlterConfigs(
            Map.of(
                topic,
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    try (DeadLetters letters = fleet.letters();
        LetterJob job = letters.begin(letters.planRedrive(DeadFleet.ALL), DeadFleet.CAUSE)) {
      run(job);
      assertEquals(9, job.done());
      assertEquals(1, job.stays().count());
      String why = job.stays().named().get(0).reason();
      assertTrue(why.startsWith("Kafka refuses it (RecordTooLargeException: "), why);
      assertEquals(0, job.left());
    }
    assertOnceEach("e", 9);
  }

  @Test
  void what_is_discarded_is_not_redriven() {
    fleet.die("a", "b");
    try (DeadLetters letters = fleet.letters()) {
      LetterPlan plan =
          letters.planDiscard(
              new LetterChoice(List.of("a"), LetterFilter.ALL, OptionalLong.empty()));
      try (LetterJob job = letters.begin(plan, DeadFleet.CAUSE)) {
        run(job);
      }
      DeadLetters.Found found = letters.get("a");
      assertEquals(LetterState.DISCARDED, found.state());
      assertEquals("ada", found.end().orElseThrow().actor());
      assertEquals("provider is back", found.end().orElseThrow().reason());
      assertEquals("{}", new String(found.letter().record().value(), UTF_8));
    }
    assertEquals(1, fleet.redriveAll());
    assertEquals(Map.of("b", 1), fleet.emitted());
    assertEquals(
        List.of(
            "ada | dead discard | shop/mail | 1 dead letter (by name) | discarded | provider is"
                + " back",
            "ada | dead redrive | shop/mail | 1 dead letter (all) | redriven | provider is back"),
        fleet.audited());
  }

  @Test
  void a_name_that_fits_no_letter_or_several_is_refused() {
    fleet.die("twice", "once", "twice", "0/9");
    try (DeadLetters letters = fleet.letters()) {
      assertEquals(new LetterId(1, 0), letters.get("once").letter().id());
      assertEquals(new LetterId(0, 0), letters.get("0/0").letter().id());
      String ambiguous =
          String.valueOf(
              assertThrows(DeadLetterException.Ambiguous.class, () -> letters.get("twice"))
                  .getMessage());
      assertTrue(
          ambiguous.matches(
              "event 'twice' has 2 dead letters: 0/0 \\(died 2\\S+Z\\), 2/0 \\(died 2\\S+Z\\)\\. Name"
                  + " the one that is meant, such as 0/0"),
          ambiguous);
      for (String name : List.of("0/9", "7/0", "none", "shop/mail")) {
        assertEquals(
            "there is no dead letter '"
                + name
                + "' in "
                + fleet.plan.dead()
                + ", which keeps 30 days: name one by PARTITION/OFFSET or by its event's id. See"
                + " what there is with: nightshift dead list --all",
            assertThrows(DeadLetterException.NotFound.class, () -> letters.get(name)).getMessage());
      }
      LetterChoice both =
          new LetterChoice(List.of("0/0", "1/0", "once"), LetterFilter.ALL, OptionalLong.empty());
      assertEquals(2, letters.planRedrive(both).count());
    }
  }

  @Test
  void letters_of_a_dead_topic_that_was_made_again_are_others() throws Exception {
    fleet.die("e0");
    assertEquals(1, fleet.redriveAll());
    try (DeadLetters letters = fleet.letters()) {
      fleet.die("e1", "e2");
      LetterPlan old = letters.planRedrive(DeadFleet.ALL);
      fleet.admin.deleteTopics(List.of(fleet.plan.dead())).all().get();
      fleet.makeDeadAgain();
      fleet.die("f0", "f1", "f2");
      assertEquals(
          "topic "
              + fleet.plan.dead()
              + " was deleted and made again meanwhile, and the letters with it. Nothing was done",
          assertThrows(
                  DeadLetterException.NotFound.class, () -> letters.begin(old, DeadFleet.CAUSE))
              .getMessage());
    }
    assertEquals(3, fleet.redriveAll());
    assertEquals(Map.of("e0", 1, "f0", 1, "f1", 1, "f2", 1), fleet.emitted());
  }

  @Test
  void what_is_known_of_letters_that_are_gone_is_removed() throws Exception {
    fleet.dieMany("e", 6);
    assertEquals(6, fleet.redriveAll());
    fleet
        .admin
        .deleteRecords(
            Map.of(
                new TopicPartition(fleet.plan.dead(), 0), RecordsToDelete.beforeOffset(2),
                new TopicPartition(fleet.plan.dead(), 1), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();
    assertEquals(0, fleet.redriveAll());
    Map<String, byte @Nullable []> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : fleet.all(fleet.plan.deadDone())) {
      last.put(new String(record.key(), UTF_8).replaceFirst("^[^/]+/", ""), record.value());
    }
    assertEquals(6, last.size());
    for (String gone : List.of("0/0", "0/1", "1/0")) {
      assertNull(last.get(gone), gone);
    }
    assertEquals(3, last.values().stream().filter(value -> value != null).count());
  }

  @Test
  void a_fleet_of_an_older_version_is_read_but_wants_its_new_topic_to_be_redriven()
      throws Exception {
    fleet.die("e0");
    fleet.admin.deleteTopics(List.of(fleet.plan.deadDone())).all().get();
    try (DeadLetters letters = fleet.letters()) {
      assertEquals(1, letters.list(LetterFilter.ALL, false, 10).total());
      LetterPlan plan = letters.planRedrive(DeadFleet.ALL);
      assertEquals(
          "there is no topic "
              + fleet.plan.deadDone()
              + " on "
              + kafka.bootstrapServers()
              + ". Check the address and the topic prefix ("
              + fleet.plan.prefix()
              + "); topics of a fleet that are missing are made with: nightshift init",
          assertThrows(
                  DeadLetterException.NotFound.class, () -> letters.begin(plan, DeadFleet.CAUSE))
              .getMessage());
      assertEquals(List.of(), fleet.audited());
      fleet.fleet.init(OptionalInt.of(1));
      assertEquals(1, fleet.redriveAll());
    }
  }

  private static void run(LetterJob job) {
    job.run(Optional.empty(), () -> false, handled -> {});
  }

  private void assertOnceEach(String prefix, int count) {
    Map<String, Integer> expected = new HashMap<>();
    for (int i = 0; i < count; i++) {
      expected.put(prefix + i, 1);
    }
    assertEquals(expected, fleet.emitted());
  }
}
