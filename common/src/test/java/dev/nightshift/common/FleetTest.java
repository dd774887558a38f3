package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetTest {
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
  void init_makes_what_is_missing_and_says_what_it_made() throws Exception {
    try (Fleet fleet = fleet("init.")) {
      assertEquals(
          Set.of("init.audit", "init.control", "init.dead", "init.retry", "init.traces"),
          fleet.init(OptionalInt.of(1)));
      assertEquals(Set.of(), fleet.init(OptionalInt.of(1)));
      admin.deleteTopics(List.of("init.dead")).all().get();
      await(() -> !topicsOf("init.").contains("init.dead"));
      assertEquals(Set.of("init.dead"), fleet.init(OptionalInt.of(1)));
      assertEquals(3, fleet.partitions("init.dead"));
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
      for (String topic : List.of("control", "retry", "dead", "traces", "audit")) {
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
                  () -> fleet.createCanvas("shop", 0, OptionalInt.empty(), "ada"))
              .getMessage());
      assertEquals(
          "replication 40000 is not allowed: from 1 to 32767",
          assertThrows(
                  FleetException.InvalidValue.class,
                  () -> fleet.createCanvas("shop", 1, OptionalInt.of(40_000), "ada"))
              .getMessage());
      assertEquals(
          "canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
          assertThrows(FleetException.InvalidName.class, () -> create(fleet, "Shop")).getMessage());
    }
  }

  private static Canvas create(Fleet fleet, String name) {
    return fleet.createCanvas(name, 1, OptionalInt.of(1), "ada");
  }

  private static Fleet fleet(String prefix) {
    return Fleet.of(client(kafka), new TopicPlan(prefix), Duration.ofSeconds(20));
  }

  private static Map<String, Object> client(LocalKafka of) {
    return Map.of("bootstrap.servers", of.bootstrapServers());
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
  }

  private static void set(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
  }

  private static String setting(String topic, String name) throws Exception {
    return setting(admin, topic, name);
  }

  private static String setting(Admin asking, String topic, String name) throws Exception {
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
