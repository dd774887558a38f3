package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The doctor's findings on real brokers, one of them set up well and others not.
@Timeout(120)
class DoctorCommandTest {
  private static final TopicPlan PLAN = TopicPlan.standard();

  @Test
  void a_healthy_fleet_on_a_laptop_has_nothing_wrong() throws Exception {
    try (LocalKafka kafka = LocalKafka.start()) {
      run(kafka, "init", "--replication=1");
      run(kafka, "canvas", "create", "shop", "--partitions=2");
      beat(kafka, worker("one", "1.0", 3, "shop/mail"));
      Said said;
      try (KafkaConsumer<byte[], byte[]> scheduler = scheduler(kafka)) {
        said = run(kafka, "doctor");
      }
      assertEquals(
          """
          warning  brokers: 1 broker; wanted: 3 or more. An event that was acknowledged is lost when the disks of this one are, and nothing works while it is down (promise 1 wants three copies); for a laptop that is fine
          ok       version of the brokers: 4.3 (metadata.version 30)
          ok       transaction.version: 2
          ok       group.min.session.timeout.ms: 100
          ok       offsets.retention.minutes: 525600
          ok       offset.metadata.max.bytes: 4096
          ok       topics: 11 are there
          ok       settings of topics: nothing would be lost
          warning  copies of topics: 1 of __consumer_offsets, nightshift.audit, nightshift.control, nightshift.dead, nightshift.dead-done and 7 more; wanted: 3 or more. An acknowledged event is lost with the disk of its broker (promise 1)
          ok       min.insync.replicas: fits the copies of each topic
          ok       unclean.leader.election.enable: false for each topic
          ok       max.message.bytes: large enough to move each event
          ok       partitions: all copies are in sync
          ok       workers: 1 worker
          ok       versions of workers: 1.0
          ok       handlers of workers: the same 1 everywhere
          ok       partitions of workers: each has some
          ok       size of the group: 22 bytes (1 worker, 22 of topics' names)
          ok       handlers for what waits: a live worker has each
          ok       schedulers: 1 scheduler
          ok       clock: at most N s from the broker's
          ok       rights of this login: all that this command and operators need
          """,
          said.out());
      assertEquals("nightshift: 20 ok, 2 warnings, 0 wrong\n", said.err());
      assertEquals(0, said.exitCode());
    }
  }

  @Test
  void what_is_wrong_is_said_with_what_mends_it() throws Exception {
    LocalKafka.Settings settings =
        LocalKafka.Settings.defaults()
            .with("group.min.session.timeout.ms", "30000")
            .with("offsets.retention.minutes", "10080")
            .with("offset.metadata.max.bytes", "1024");
    try (LocalKafka kafka = LocalKafka.start(settings)) {
      run(kafka, "init", "--replication=1");
      run(kafka, "canvas", "create", "shop", "--partitions=2");
      alter(kafka, PLAN.events("shop", 1), "retention.ms", "604800000");
      alter(kafka, PLAN.control(), "cleanup.policy", "delete");
      alter(kafka, PLAN.retry(), "max.message.bytes", "1000");
      alter(kafka, PLAN.dead(), "min.insync.replicas", "2");
      alter(kafka, PLAN.traces(), "unclean.leader.election.enable", "true");
      delete(kafka, PLAN.audit());
      run(kafka, "event", "emit", "shop/mial", "1");
      beat(kafka, worker("one", "1.0", 3, "shop/mail"));
      beat(kafka, worker("two", "1.1", 0, "shop/bill"));
      Said said = run(kafka, "doctor");
      assertEquals(
          """
          warning  brokers: 1 broker; wanted: 3 or more. An event that was acknowledged is lost when the disks of this one are, and nothing works while it is down (promise 1 wants three copies); for a laptop that is fine
          ok       version of the brokers: 4.3 (metadata.version 30)
          ok       transaction.version: 2
          wrong    group.min.session.timeout.ms: 30000; wanted: 6000 or less. Workers cannot join their group: they ask for 6000 ms unless told otherwise. Mend it: put group.min.session.timeout.ms=6000 into server.properties of each broker, and restart them one after another
          warning  offsets.retention.minutes: 10080; wanted: 43200 or more. When no worker runs for so long, Kafka forgets what has been done, and all events that are still there run again. Mend it: put offsets.retention.minutes=525600 into server.properties of each broker, and restart them one after another
          wrong    offset.metadata.max.bytes: 1024; wanted: 4096 or more. Workers cannot note what they have done. Mend it: put offset.metadata.max.bytes=4096 into server.properties of each broker, and restart them one after another
          wrong    topics: nightshift.audit is missing; wanted: all that the fleet needs. Nothing can be emitted into a fleet or run by it without its topics. Mend it: nightshift init --bootstrap-server BROKER
          wrong    settings of topics: nightshift.control has cleanup.policy=delete; wanted: cleanup.policy=compact. Canvases and flags would be forgotten. Mend it: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name nightshift.control --add-config cleanup.policy=compact
          wrong    settings of topics: nightshift.events.shop has retention.ms=604800000; wanted: retention.ms=-1. Events would be removed before they ran. The oldest event that waits there may be removed in 6d23h59m. Mend it: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name nightshift.events.shop --add-config retention.ms=-1
          warning  copies of topics: 1 of nightshift.control, nightshift.dead, nightshift.dead-done, nightshift.delayed, nightshift.events.shop and 5 more; wanted: 3 or more. An acknowledged event is lost with the disk of its broker (promise 1)
          wrong    min.insync.replicas: 2 for nightshift.dead; wanted: 1. Nothing can be written: there are fewer copies than that. Mend it: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name nightshift.dead --add-config min.insync.replicas=1
          wrong    unclean.leader.election.enable: true for nightshift.traces; wanted: false. A copy that lacks acknowledged events may become the leader, and they are lost (promise 1). Mend it: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name nightshift.traces --add-config unclean.leader.election.enable=false
          wrong    max.message.bytes: 1000 for nightshift.retry; wanted: 1114124. Canvases' topics take events of 1048588 bytes, which could not be moved there. Mend it: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name nightshift.retry --add-config max.message.bytes=1114124
          ok       partitions: all copies are in sync
          ok       workers: 2 workers
          warning  versions of workers: 1.0 on one; 1.1 on two; wanted: the same. A deploy is under way, or did not come to its end. Mend it: deploy the newer version to the others
          warning  handlers of workers: one lacks shop/bill; two lacks shop/mail; wanted: the same everywhere. Events that some workers have no handler for take the detour over a lane. Mend it: give each worker the same handler JARs
          warning  partitions of workers: none for two; wanted: some for each. These workers have nothing to do: there are more workers than partitions, or they could not join their group. Mend it: add partitions with: kafka-topics.sh --alter --topic TOPIC --partitions N, or stop workers
          ok       size of the group: 44 bytes (2 workers, 22 of topics' names)
          wrong    handlers for what waits: 1 event waits of shop/mial, which no live worker has a handler for; wanted: a worker with a handler shop/mial. They end as no_handler, without being run. Mend it: nightshift queue pause shop/mial --reason 'no handler' --bootstrap-server BROKER, then deploy its handler
          warning  schedulers: none; wanted: 1 or more. No scheduler is live: crons do not tick, delayed events are not emitted, nothing is trimmed. Mend it: nightshift scheduler --bootstrap-server BROKER
          ok       clock: at most N s from the broker's
          ok       rights of this login: all that this command and operators need
          """,
          said.out());
      assertEquals(1, said.exitCode());
    }
  }

  @Test
  void what_is_not_allowed_is_said_with_the_right_that_is_missing() throws Exception {
    LocalKafka.Settings settings =
        LocalKafka.Settings.defaults()
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("allow.everyone.if.no.acl.found", "true");
    try (LocalKafka kafka = LocalKafka.start(settings)) {
      run(kafka, "init", "--replication=1");
      try (Admin admin = admin(kafka)) {
        admin
            .createAcls(
                List.of(
                    acl(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALL, true),
                    acl(
                        ResourceType.CLUSTER,
                        "kafka-cluster",
                        AclOperation.DESCRIBE_CONFIGS,
                        false),
                    acl(ResourceType.GROUP, PLAN.schedulersGroup(), AclOperation.DESCRIBE, false),
                    acl(ResourceType.TOPIC, PLAN.audit(), AclOperation.ALL, true),
                    acl(ResourceType.TOPIC, PLAN.audit(), AclOperation.WRITE, false),
                    acl(ResourceType.TOPIC, PLAN.traces(), AclOperation.ALL, false),
                    acl(ResourceType.TOPIC, PLAN.workers(), AclOperation.ALL, true),
                    acl(ResourceType.TOPIC, PLAN.workers(), AclOperation.WRITE, false)))
            .all()
            .get();
        awaitRefusal(admin);
      }
      Said said = run(kafka, "doctor");
      assertEquals(
          """
          warning  brokers: 1 broker; wanted: 3 or more. An event that was acknowledged is lost when the disks of this one are, and nothing works while it is down (promise 1 wants three copies); for a laptop that is fine
          ok       version of the brokers: 4.3 (metadata.version 30)
          ok       transaction.version: 2
          ok       topics: 9 are there
          ok       settings of topics: nothing would be lost
          warning  copies of topics: 1 of nightshift.audit, nightshift.control, nightshift.dead, nightshift.dead-done, nightshift.delayed and 4 more; wanted: 3 or more. An acknowledged event is lost with the disk of its broker (promise 1)
          ok       min.insync.replicas: fits the copies of each topic
          ok       unclean.leader.election.enable: false for each topic
          ok       max.message.bytes: large enough to move each event
          ok       partitions: all copies are in sync
          warning  workers: none; wanted: 1 or more. Nothing runs what is emitted. Mend it: nightshift worker --handlers DIR --bootstrap-server BROKER
          ok       schedulers: unknown, this login has no right to Describe the group nightshift.schedulers
          wrong    rights of this login: cannot read the settings of the brokers; wanted: DescribeConfigs. What that would show was not checked. Mend it: kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:NAME --operation DescribeConfigs --cluster
          wrong    rights of this login: cannot describe nightshift.traces; wanted: Describe. What that would show was not checked. Mend it: kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:NAME --operation Describe --topic nightshift.traces
          warning  rights of this login: cannot compare the clocks, for want of a record in nightshift.workers; wanted: Write. What that would show was not checked. Mend it: kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:NAME --operation Write --topic nightshift.workers
          warning  rights of this login: no right to Write nightshift.audit; wanted: Write. Commands that write to it are refused. Mend it: kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:NAME --operation Write --topic nightshift.audit
          """,
          said.out());
      assertEquals(1, said.exitCode());
    }
  }

  @Test
  void without_a_fleet_it_is_said_how_to_make_one() {
    try (LocalKafka kafka = LocalKafka.start()) {
      Said said = run(kafka, "doctor", "-o", "jsonl", "--topic-prefix=blue.");
      assertTrue(
          said.out()
              .contains(
                  """
                  {"schemaVersion":1,"result":"wrong","check":"topics","seen":"blue.control, blue.retry, \
                  blue.delayed, blue.schedules, blue.dead and 5 more are missing","wanted":"all that the fleet needs","why":"Nothing can be \
                  emitted into a fleet or run by it without its topics","mend":"nightshift init \
                  --bootstrap-server BROKER --topic-prefix blue."}
                  """),
          said.out());
      assertEquals("nightshift: 6 ok, 1 warnings, 1 wrong\n", said.err());

      assertEquals(1, said.exitCode());
    }
  }

  private static String without(String text, LocalKafka kafka) {
    return text.replace(kafka.bootstrapServers(), "BROKER")
        .replaceAll("at most [0-9.]+ s from", "at most N s from");
  }

  // The controller has the rules before the broker has.
  private static void awaitRefusal(Admin admin) throws Exception {
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    while (true) {
      try {
        admin.describeConfigs(List.of(broker)).all().get();
      } catch (ExecutionException e) {
        assertInstanceOf(AuthorizationException.class, e.getCause());
        return;
      }
    }
  }

  private static WorkerBeat worker(String name, String version, int partitions, String queue) {
    String[] parts = queue.split("/");
    return new WorkerBeat(
        name,
        "host",
        "running",
        Instant.now().minusSeconds(60),
        10,
        0,
        0,
        Set.of(new QueueName(parts[0], parts[1])),
        version,
        partitions,
        Instant.now());
  }

  private static void beat(LocalKafka kafka, WorkerBeat beat) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(WorkersLog.record(PLAN, beat)).get();
    }
  }

  // Is the only one in the schedulers' group.
  private static KafkaConsumer<byte[], byte[]> scheduler(LocalKafka kafka) {
    KafkaConsumer<byte[], byte[]> scheduler =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                PLAN.schedulersGroup(),
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    scheduler.subscribe(List.of(PLAN.delayed()));
    while (scheduler.assignment().isEmpty()) {
      scheduler.poll(Duration.ofMillis(100));
    }
    return scheduler;
  }

  private static void alter(LocalKafka kafka, String topic, String name, String value)
      throws Exception {
    try (Admin admin = admin(kafka)) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      AlterConfigOp op = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }
  }

  private static void delete(LocalKafka kafka, String topic) throws Exception {
    try (Admin admin = admin(kafka)) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  private static AclBinding acl(
      ResourceType type, String name, AclOperation operation, boolean allowed) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry(
            "User:ANONYMOUS",
            "*",
            operation,
            allowed ? AclPermissionType.ALLOW : AclPermissionType.DENY));
  }

  private static Admin admin(LocalKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private static Said run(LocalKafka kafka, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    Said said = Said.by(all.toArray(String[]::new));
    return new Said(said.exitCode(), without(said.out(), kafka), without(said.err(), kafka));
  }
}
