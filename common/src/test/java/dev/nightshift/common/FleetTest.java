package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
import dev.nightshift.local.LocalKafka;
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
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final Cause ADA = new Cause("ada", "new shop");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static LocalKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void a_deleted_canvas_gets_no_lanes_any_more() throws Exception {
    try (Fleet fleet = fleet("nolane.")) {
      fleet.init(OptionalInt.of(1));
      Canvas shop = fleet.createCanvas("shop", 1, OptionalInt.of(1), ADA).after();
      fleet.deleteCanvas("shop", ADA);
      assertEquals(
          "canvas shop (generation 1) was deleted: no lane is made for its queue mail any more, its"
              + " events end as canvas_deleted",
          assertThrows(FleetException.UnknownCanvas.class, () -> fleet.createLane(shop, "mail"))
              .getMessage());
      assertFalse(topicsOf("nolane.").contains("nolane.lane.shop.1.mail"));
    }
  }

  @Test
  void who_begins_to_follow_knows_every_flag_from_the_first_view_on() {
    try (Fleet fleet = fleet("cold.")) {
      fleet.init(OptionalInt.of(1));
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < 10_000; i++) {
          Flag flag =
              new Flag(
                  "f" + i,
                  FlagKind.PAUSE,
                  Scope.queue("shop", "q" + i),
                  1,
                  "ada",
                  "",
                  NOW,
                  Optional.empty());
          producer.send(ControlRecords.of("cold.control", flag, FlagState.SET, "ada", NOW));
        }
      }
      try (FollowedLog<ControlView> log =
          ControlLog.start(client, new TopicPlan("cold."), Duration.ofSeconds(20))) {
        assertEquals(10_000, log.view().flags().all().size());
      }
    }
  }

  @Test
  void init_makes_what_is_missing_and_says_what_it_made() throws Exception {
    try (Fleet fleet = fleet("init.")) {
      assertEquals(
          Set.of(
              "init.audit",
              "init.control",
              "init.dead",
              "init.dead-done",
              "init.retry",
              "init.traces",
              "init.workers"),
          fleet.init(OptionalInt.of(1)));
      assertEquals(Set.of(), fleet.init(OptionalInt.of(1)));
      admin.deleteTopics(List.of("init.dead")).all().get();
      await(() -> !topicsOf("init.").contains("init.dead"));
      assertEquals(Set.of("init.dead"), fleet.init(OptionalInt.of(1)));
      assertEquals(3, fleet.partitions("init.dead"));
      await(() -> topicsOf("init.").equals(Set.copyOf(new TopicPlan("init.").own())));
      assertEquals(
          Map.of("init.audit", 1, "init.control", 1, "init.dead", 3, "init.retry", 8),
          fleet.partitions(
              Set.of("init.audit", "init.control", "init.dead", "init.retry", "init.none")));
      assertEquals(
          "cannot describe topic init.none: Kafka at "
              + kafka.bootstrapServers()
              + " refuses (UnknownTopicOrPartitionException: there is no such topic)",
          assertThrows(FleetException.Refused.class, () -> fleet.partitions("init.none"))
              .getMessage());
    }
    assertEquals("compact", setting("init.control", "cleanup.policy"));
    assertEquals("compact", setting("init.dead-done", "cleanup.policy"));
    assertEquals("delete", setting("init.audit", "cleanup.policy"));
    assertEquals("-1", setting("init.retry", "retention.ms"));
    assertEquals("-1", setting("init.retry", "retention.bytes"));
    assertEquals("2592000000", setting("init.dead", "retention.ms"));
    assertEquals("604800000", setting("init.traces", "retention.ms"));
  }

  @Test
  void how_many_must_be_in_sync_is_left_to_brokers_that_choose_the_copies() throws Exception {
    try (LocalKafka strict =
            LocalKafka.start(LocalKafka.Settings.defaults().with("min.insync.replicas", "2"));
        Fleet fleet = Fleet.of(client(strict), TopicPlan.standard(), Duration.ofSeconds(20));
        Admin asking = Admin.create(client(strict))) {
      fleet.init(OptionalInt.empty());
      for (String topic : List.of("control", "retry", "dead", "dead-done", "traces", "audit")) {
        assertEquals("2", setting(asking, "nightshift." + topic, "min.insync.replicas"));
      }
    }
  }

  @Test
  void how_many_must_be_in_sync_follows_from_copies_that_are_given() {
    assertEquals(Optional.of("1"), inSync(OptionalInt.of(1)));
    assertEquals(Optional.of("1"), inSync(OptionalInt.of(2)));
    assertEquals(Optional.of("2"), inSync(OptionalInt.of(3)));
    assertEquals(Optional.of("2"), inSync(OptionalInt.of(5)));
    assertEquals(Optional.empty(), inSync(OptionalInt.empty()));
  }

  private static Optional<String> inSync(OptionalInt replication) {
    FleetTopics.Wanted topic = new FleetTopics.Wanted("t", 1, Map.of(), Set.of(), "");
    return Optional.ofNullable(
        FleetTopics.newTopic(topic, replication).configs().get("min.insync.replicas"));
  }

  @Test
  void topics_that_would_lose_something_are_refused_with_the_command_that_corrects_them()
      throws Exception {
    make("odd.control", 2, Map.of("cleanup.policy", "compact,delete"));
    make("odd.retry", 8, Map.of("retention.ms", "1000", "retention.bytes", "5"));
    make("odd.dead", 3, Map.of("cleanup.policy", "compact"));
    make("odd.audit", 1, Map.of("cleanup.policy", "delete"));
    try (Fleet fleet = fleet("odd.")) {
      assertEquals(
          "topic odd.control cannot be used as it is: cleanup.policy is compact,delete, only compact"
              + " is allowed; canvases and flags would be forgotten. Correct it with: "
              + command("odd.control", "cleanup.policy=compact")
              + "\n"
              + "topic odd.control cannot be used as it is: it has 2 partitions, only 1 is allowed,"
              + " and Kafka cannot take partitions away. Choose another topic prefix or, if nobody"
              + " uses this topic, delete it with: kafka-topics.sh --bootstrap-server "
              + kafka.bootstrapServers()
              + " --delete --topic odd.control\n"
              + "topic odd.retry cannot be used as it is: retention.bytes is 5, only -1 is allowed;"
              + " retention.ms is 1000, only -1 is allowed; events would be removed before they ran."
              + " Correct it with: "
              + command("odd.retry", "retention.bytes=-1,retention.ms=-1")
              + "\n"
              + "topic odd.dead cannot be used as it is: cleanup.policy is compact, only delete is"
              + " allowed; records would replace each other. Correct it with: "
              + command("odd.dead", "cleanup.policy=delete"),
          assertThrows(FleetException.UnsuitableTopic.class, () -> fleet.init(OptionalInt.empty()))
              .getMessage());
    }
    assertEquals(Set.of("odd.control", "odd.retry", "odd.dead", "odd.audit"), topicsOf("odd."));
  }

  @Test
  void a_topic_of_a_canvas_is_looked_at_before_it_is_used() throws Exception {
    make("trim.events.shop", 3, Map.of("retention.ms", "604800000"));
    try (Fleet fleet = fleet("trim.")) {
      fleet.init(OptionalInt.of(1));
      String refused =
          "topic trim.events.shop cannot be used as it is: retention.ms is 604800000, only -1 is"
              + " allowed; events would be removed before they ran. Correct it with: "
              + command("trim.events.shop", "retention.ms=-1");
      assertEquals(
          refused,
          assertThrows(FleetException.UnsuitableTopic.class, () -> create(fleet, "shop"))
              .getMessage());
      assertEquals(Optional.empty(), fleet.view().canvas("shop"));

      set("trim.events.shop", "retention.ms", "-1");
      assertEquals("trim.events.shop", create(fleet, "shop").topic());
      assertEquals(3, fleet.partitions("trim.events.shop"));

      set("trim.events.shop", "retention.ms", "604800000");
      assertEquals(
          refused,
          assertThrows(FleetException.UnsuitableTopic.class, () -> create(fleet, "shop"))
              .getMessage());
    }
  }

  @Test
  void numbers_out_of_bounds_are_refused() {
    try (Fleet fleet = fleet("bounds.")) {
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
          assertThrows(FleetException.InvalidName.class, () -> create(fleet, "Shop")).getMessage());
    }
  }

  @Test
  void creating_and_deleting_a_canvas_is_in_the_audit() {
    try (Fleet fleet = fleet("audit.")) {
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
  void a_canvas_that_never_was_cannot_be_deleted() {
    try (Fleet fleet = fleet("never.")) {
      fleet.init(OptionalInt.of(1));
      assertEquals(
          "there is no canvas 'shop'; see what there is with: nightshift canvas list",
          assertThrows(FleetException.UnknownCanvas.class, () -> fleet.deleteCanvas("shop", ADA))
              .getMessage());
    }
  }

  @Test
  void two_that_create_a_canvas_at_once_get_the_same() throws Exception {
    try (Fleet one = fleet("race.");
        Fleet other = fleet("race.")) {
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
              "race.retry",
              "race.traces",
              "race.workers"),
          names);
      assertEquals(7, count, "a topic was made twice");
      for (int round = 0; round < 5; round++) {
        String name = "shop" + round;
        List<CompletableFuture<Canvas>> canvases = new ArrayList<>();
        for (Fleet fleet : List.of(one, other)) {
          canvases.add(inThread(together, () -> create(fleet, name)));
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
  void a_flag_must_count_for_a_while() {
    try (Fleet fleet = fleet("flags.")) {
      fleet.init(OptionalInt.of(1));
      create(fleet, "shop");
      Scope mail = Scope.queue("shop", "mail");
      for (String end : List.of("2026-01-02T03:04:05Z", "2026-01-02T03:04:04.999999Z")) {
        assertEquals(
            "until "
                + end
                + " is not allowed: it is 2026-01-02T03:04:05Z now by this machine's clock, give a"
                + " later time or none",
            assertThrows(
                    FleetException.InvalidValue.class,
                    () -> fleet.raise(FlagKind.PAUSE, mail, ADA, Optional.of(Instant.parse(end))))
                .getMessage());
      }
      assertEquals(List.of(), fleet.view().flags().all());
      Optional<Instant> end = Optional.of(Instant.parse("2026-01-02T03:04:05.000001999Z"));
      assertTrue(fleet.raise(FlagKind.PAUSE, mail, ADA, end).changed());
      assertFalse(fleet.raise(FlagKind.PAUSE, mail, ADA, end).changed());
    }
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

  private static Canvas create(Fleet fleet, String name) {
    return fleet.createCanvas(name, 1, OptionalInt.of(1), ADA).after();
  }

  private static Fleet fleet(String prefix) {
    return Fleet.of(
        client(kafka), new TopicPlan(prefix), Duration.ofSeconds(20), InstantSource.fixed(NOW));
  }

  private static Map<String, Object> client(LocalKafka of) {
    return Map.of("bootstrap.servers", of.bootstrapServers());
  }

  private static List<AuditRecord> audit(String topic, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            client(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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

  private static String command(String topic, String settings) {
    return "kafka-configs.sh --bootstrap-server "
        + kafka.bootstrapServers()
        + " --alter --entity-type topics --entity-name "
        + topic
        + " --add-config "
        + settings;
  }

  private static void make(String topic, int partitions, Map<String, String> settings)
      throws Exception {
    NewTopic made = new NewTopic(topic, partitions, (short) 1).configs(settings);
    admin.createTopics(List.of(made)).all().get();
    await(() -> admin.listTopics().names().get().contains(topic));
  }

  private static void set(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
    await(() -> setting(topic, name).equals(value));
  }

  private static String setting(String topic, String name) throws Exception {
    return setting(admin, topic, name);
  }

  private static String setting(Admin asking, String topic, String name) throws Exception {
    await(() -> asking.listTopics().names().get().contains(topic));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = asking.describeConfigs(List.of(resource)).all().get().get(resource);
    return Objects.requireNonNull(config).get(name).value();
  }

  private static Set<String> topicsOf(String prefix) throws Exception {
    Set<String> names = new TreeSet<>(admin.listTopics().names().get());
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "it did not come to be within 20 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
