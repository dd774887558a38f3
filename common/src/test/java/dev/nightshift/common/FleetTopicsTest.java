package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetTopicsTest {
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
  void init_makes_what_is_missing_and_says_what_it_made() throws Exception {
    try (Fleet fleet = broker.fleet("init.")) {
      assertEquals(
          Set.of(
              "init.audit",
              "init.control",
              "init.dead",
              "init.dead-done",
              "init.delayed",
              "init.retry",
              "init.scale",
              "init.schedules",
              "init.traces",
              "init.workers"),
          fleet.init(OptionalInt.of(1)));
      assertEquals(Set.of(), fleet.init(OptionalInt.of(1)));
      broker.admin().deleteTopics(List.of("init.dead")).all().get();
      FleetBroker.await(() -> !broker.topicsOf("init.").contains("init.dead"));
      assertEquals(Set.of("init.dead"), fleet.init(OptionalInt.of(1)));
      assertEquals(3, fleet.partitions("init.dead"));
      FleetBroker.await(
          () -> broker.topicsOf("init.").equals(Set.copyOf(new TopicPlan("init.").own())));
      assertEquals(
          Map.of("init.audit", 1, "init.control", 1, "init.dead", 3, "init.retry", 8),
          fleet.partitions(
              Set.of("init.audit", "init.control", "init.dead", "init.retry", "init.none")));
      assertEquals(
          "cannot describe topic init.none: Kafka at "
              + broker.bootstrapServers()
              + " refuses (UnknownTopicOrPartitionException: there is no such topic)",
          assertThrows(FleetException.Refused.class, () -> fleet.partitions("init.none"))
              .getMessage());
    }
    assertEquals("compact", setting("init.control", "cleanup.policy"));
    assertEquals("compact", setting("init.dead-done", "cleanup.policy"));
    assertEquals("compact", setting("init.delayed", "cleanup.policy"));
    assertEquals("3600000", setting("init.delayed", "delete.retention.ms"));
    assertEquals("3600000", setting("init.delayed", "min.compaction.lag.ms"));
    assertEquals("3600000", setting("init.delayed", "segment.ms"));
    assertEquals("compact", setting("init.schedules", "cleanup.policy"));
    assertEquals("delete", setting("init.audit", "cleanup.policy"));
    assertEquals("-1", setting("init.retry", "retention.ms"));
    assertEquals("-1", setting("init.retry", "retention.bytes"));
    assertEquals("3600000", setting("init.retry", "segment.ms"));
    assertEquals("2592000000", setting("init.dead", "retention.ms"));
    assertEquals("604800000", setting("init.traces", "retention.ms"));
  }

  // Without waiting, an emitter's first batches could be lost on some of them.
  @Test
  void a_topic_that_was_made_is_served_by_the_leaders_of_all_its_partitions() throws Exception {
    int partitions = 200;
    FleetTopics topics =
        new FleetTopics(
            new TopicPlan("led."),
            Cluster.of(broker.client(), Duration.ofSeconds(20)),
            broker.admin());
    Map<String, Object> impatient = new HashMap<>(broker.client());
    impatient.put("retries", 0);
    try (Admin asking = Admin.create(impatient)) {
      topics.make(List.of(WantedTopics.events("led.events.a", partitions)), OptionalInt.of(1));
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (int i = 0; i < partitions; i++) {
        ends.put(new TopicPartition("led.events.a", i), OffsetSpec.latest());
      }
      assertEquals(partitions, asking.listOffsets(ends).all().get().size());
    }
  }

  @Test
  void how_many_must_be_in_sync_is_left_to_brokers_that_choose_the_copies() throws Exception {
    try (LocalKafka strict =
            LocalKafka.start(LocalKafka.Settings.defaults().with("min.insync.replicas", "2"));
        Fleet fleet =
            Fleet.of(FleetBroker.client(strict), TopicPlan.standard(), Duration.ofSeconds(20));
        Admin asking = Admin.create(FleetBroker.client(strict))) {
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
    WantedTopic topic = new WantedTopic("t", 1, Map.of(), Set.of(), "");
    return Optional.ofNullable(topic.toMake(replication).configs().get("min.insync.replicas"));
  }

  @Test
  void topics_that_would_lose_something_are_refused_with_the_command_that_corrects_them()
      throws Exception {
    make("odd.control", 2, Map.of("cleanup.policy", "compact,delete"));
    make("odd.retry", 8, Map.of("retention.ms", "1000", "retention.bytes", "5"));
    make("odd.dead", 3, Map.of("cleanup.policy", "compact"));
    make("odd.audit", 1, Map.of("cleanup.policy", "delete"));
    try (Fleet fleet = broker.fleet("odd.")) {
      assertEquals(
          "topic odd.control cannot be used as it is: cleanup.policy is compact,delete, only compact"
              + " is allowed; canvases and flags would be forgotten. Correct it with: "
              + command("odd.control", "cleanup.policy=compact")
              + "\n"
              + "topic odd.control cannot be used as it is: it has 2 partitions, only 1 is allowed,"
              + " and Kafka cannot take partitions away. Choose another topic prefix or, if nobody"
              + " uses this topic, delete it with: kafka-topics.sh --bootstrap-server "
              + broker.bootstrapServers()
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
    assertEquals(
        Set.of("odd.control", "odd.retry", "odd.dead", "odd.audit"), broker.topicsOf("odd."));
  }

  @Test
  void a_topic_of_a_canvas_is_looked_at_before_it_is_used() throws Exception {
    make("trim.events.shop", 3, Map.of("retention.ms", "604800000"));
    try (Fleet fleet = broker.fleet("trim.")) {
      fleet.init(OptionalInt.of(1));
      String refused =
          "topic trim.events.shop cannot be used as it is: retention.ms is 604800000, only -1 is"
              + " allowed; events would be removed before they ran. Correct it with: "
              + command("trim.events.shop", "retention.ms=-1");
      assertEquals(
          refused,
          assertThrows(
                  FleetException.UnsuitableTopic.class, () -> FleetBroker.create(fleet, "shop"))
              .getMessage());
      assertEquals(Optional.empty(), fleet.view().canvas("shop"));

      set("trim.events.shop", "retention.ms", "-1");
      assertEquals("trim.events.shop", FleetBroker.create(fleet, "shop").topic());
      assertEquals(3, fleet.partitions("trim.events.shop"));

      set("trim.events.shop", "retention.ms", "604800000");
      assertEquals(
          refused,
          assertThrows(
                  FleetException.UnsuitableTopic.class, () -> FleetBroker.create(fleet, "shop"))
              .getMessage());
    }
  }

  private static String command(String topic, String settings) {
    return "kafka-configs.sh --bootstrap-server "
        + broker.bootstrapServers()
        + " --alter --entity-type topics --entity-name "
        + topic
        + " --add-config "
        + settings;
  }

  private static void make(String topic, int partitions, Map<String, String> settings)
      throws Exception {
    NewTopic made = new NewTopic(topic, partitions, (short) 1).configs(settings);
    broker.admin().createTopics(List.of(made)).all().get();
    FleetBroker.await(() -> broker.admin().listTopics().names().get().contains(topic));
  }

  private static void set(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    broker
        .admin()
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
    FleetBroker.await(() -> setting(topic, name).equals(value));
  }

  private static String setting(String topic, String name) throws Exception {
    return setting(broker.admin(), topic, name);
  }

  private static String setting(Admin asking, String topic, String name) throws Exception {
    FleetBroker.await(() -> asking.listTopics().names().get().contains(topic));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = asking.describeConfigs(List.of(resource)).all().get().get(resource);
    return Objects.requireNonNull(config).get(name).value();
  }
}
