package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.LiftedFlag;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.upkeep.EndedFlags;
import dev.nightshift.scheduler.internal.upkeep.RetentionGuard;
import dev.nightshift.scheduler.internal.upkeep.Trims;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is done for a fleet on a real broker, step by step, without any worker.
class UpkeepOfAFleetTest {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final Cause ADA = new Cause("ada", "");

  private static TimerFleet fleet;
  private static Admin admin;
  private static FollowedLog<ControlView> control;
  private final List<SchedulerEvent> told = new ArrayList<>();

  @BeforeAll
  static void start() {
    fleet = new TimerFleet();
    admin = Admin.create(fleet.client);
    control = ControlLog.start(fleet.client, fleet.plan, ANSWER_MAX);
  }

  @AfterAll
  static void stop() {
    control.close();
    admin.close(Duration.ZERO);
    fleet.close();
  }

  private static Cluster cluster() {
    return Cluster.of(fleet.client, ANSWER_MAX);
  }

  private static Fleet connect() {
    return Fleet.of(fleet.client, fleet.plan, ANSWER_MAX);
  }

  private static ControlView view() {
    control.awaitFresh(ANSWER_MAX);
    return control.view();
  }

  // --- trimming

  @Test
  void only_a_ledger_of_this_very_topic_says_what_may_go() {
    fleet.createCanvas("trimmed");
    TopicPartition events = new TopicPartition(fleet.plan.events("trimmed", 1), 1);
    emit(events, 100);
    Trims trims =
        new Trims(
            new Trims.Parts(fleet.plan, cluster(), admin, UpkeepOfAFleetTest::view, told::add));
    trims.turn();
    assertEquals(0, startOf(events), "nobody has committed anything");

    commit(events, 50, ledger(Uuid.randomUuid(), 50));
    trims.turn();
    assertEquals(0, startOf(events), "committed of a former topic of that name");
    commit(events, 50, "");
    trims.turn();
    assertEquals(0, startOf(events), "set by hand");
    commit(events, 101, ledger(idOf(events), 101));
    trims.turn();
    assertEquals(0, startOf(events), "beyond the end");
    assertEquals(List.of(), told);

    commit(events, 50, ledger(idOf(events), 50));
    trims.turn();
    assertEquals(50, startOf(events));
    trims.turn();
    commit(events, 40, ledger(idOf(events), 40));
    trims.turn();
    assertEquals(50, startOf(events), "never back");
    commit(events, 100, ledger(idOf(events), 100));
    trims.turn();
    assertEquals(100, startOf(events), "all of it");
    assertEquals(
        List.of(1, 1, 1),
        told.stream().map(each -> ((SchedulerEvent.Trimmed) each).partitions()).toList());
  }

  private static String ledger(Uuid topicId, long base) {
    return LedgerCodec.encode(Ledger.empty(topicId, base), "worker-1");
  }

  private static void commit(TopicPartition partition, long base, String metadata) {
    OffsetAndMetadata offset = new OffsetAndMetadata(base, metadata);
    get(
        admin
            .alterConsumerGroupOffsets(fleet.plan.workersGroup(), Map.of(partition, offset))
            .all());
  }

  private static Uuid idOf(TopicPartition partition) {
    return get(admin.describeTopics(List.of(partition.topic())).allTopicNames())
        .values()
        .iterator()
        .next()
        .topicId();
  }

  private static long startOf(TopicPartition partition) {
    return get(admin
            .listOffsets(Map.of(partition, OffsetSpec.earliest()))
            .partitionResult(partition))
        .offset();
  }

  private static void emit(TopicPartition partition, int events) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(fleet.client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < events; i++) {
        producer.send(
            new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[0]));
      }
    }
  }

  // --- flags

  @Test
  void a_flag_is_lifted_ten_minutes_after_its_end() {
    Scope mail = Scope.queue(TimerFleet.CANVAS, "mail");
    Instant end = Instant.now().plusSeconds(60);
    Flag flag = fleet.fleet.raise(FlagKind.PAUSE, mail, ADA, Optional.of(end)).after().getFirst();
    tidy(end.plusSeconds(599));
    assertEquals(List.of(), told);
    tidy(end.plusSeconds(600));
    tidy(end.plusSeconds(601));
    assertEquals(List.of(new SchedulerEvent.FlagTidied(flag)), told);
    assertEquals(
        "lifted a flag whose end has passed: shop/mail was " + flag.text(),
        told.getFirst().toString());
    assertEquals(List.of(), view().flags().all());
    AuditRecord audit = audit("shop/mail").getLast();
    assertEquals("queue resume", audit.getAction());
    assertEquals("nightshift", audit.getActor());
    assertEquals("its end has passed", audit.getReason());
  }

  @Test
  void the_record_of_a_flag_goes_a_day_after_it_was_lifted() {
    Scope slow = Scope.queue(TimerFleet.CANVAS, "slow");
    Flag flag = fleet.fleet.raise(FlagKind.BLOCK, slow, ADA, Optional.empty()).after().getFirst();
    fleet.fleet.lift(FlagKind.BLOCK, slow, ADA);
    Instant lifted =
        view().flagsLiftedBy(Instant.MAX).stream()
            .filter(each -> each.id().equals(flag.id()))
            .map(LiftedFlag::at)
            .findFirst()
            .orElseThrow();
    long version = view().version();
    List<AuditRecord> audit = audit("shop/slow");
    tidy(lifted.plus(Duration.ofDays(1)).minusNanos(1));
    assertEquals(List.of(true, true), isThere(fleet.plan.control(), "flag/" + flag.id()));
    tidy(lifted.plus(Duration.ofDays(1)));
    assertEquals(List.of(true, true, false), isThere(fleet.plan.control(), "flag/" + flag.id()));
    tidy(lifted.plus(Duration.ofDays(2)));
    assertEquals(List.of(true, true, false), isThere(fleet.plan.control(), "flag/" + flag.id()));
    assertEquals(version, view().version(), "no worker has to look");
    assertEquals(audit, audit("shop/slow"));
    assertEquals(List.of(), told);
  }

  // Of each record of a key: whether it says something, or takes away what the one before said.
  private static List<Boolean> isThere(String topic, String key) {
    return fleet.read(topic).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(key))
        .map(record -> record.value() != null)
        .toList();
  }

  private void tidy(Instant now) {
    new EndedFlags(
            new EndedFlags.Parts(
                UpkeepOfAFleetTest::view,
                UpkeepOfAFleetTest::connect,
                InstantSource.fixed(now),
                told::add))
        .turn();
  }

  private static List<AuditRecord> audit(String target) {
    return fleet.read(fleet.plan.audit()).stream()
        .map(record -> RecordCodec.AUDIT.decode(record.value()))
        .filter(record -> record.getTarget().equals(target))
        .toList();
  }

  // --- retention

  @Test
  void a_topic_that_was_altered_so_that_it_loses_events_is_told_of_until_it_is_set_right() {
    fleet.createCanvas("altered");
    String topic = fleet.plan.events("altered", 1);
    Instant emitted = Instant.ofEpochMilli(Instant.now().toEpochMilli() - 1_000_000);
    emitAt(topic, emitted);
    RetentionGuard guard = guard(false, emitted.plusSeconds(1_100));
    guard.turn();
    assertEquals(List.of(), told);
    set(topic, "retention.ms", "3600000");
    guard.turn();
    assertEquals(
        "topic "
            + topic
            + " cannot be used as it is: retention.ms is 3600000, only -1 is allowed; events would"
            + " be removed before they ran. Correct it with: kafka-configs.sh --bootstrap-server "
            + fleet.kafka.bootstrapServers()
            + " --alter --entity-type topics --entity-name "
            + topic
            + " --add-config retention.ms=-1. Schedulers with --repair-retention do so by"
            + " themselves. The oldest event that waits there may be removed in 41m40s",
        told.getFirst().toString());
    guard.turn();
    assertEquals(
        List.of(true, false),
        told.stream().map(each -> ((SchedulerEvent.TopicUnsafe) each).isNew()).toList());
    set(topic, "retention.ms", "-1");
    guard.turn();
    assertEquals(new SchedulerEvent.TopicSafe(topic), told.getLast());
    guard.turn();
    assertEquals(3, told.size());
  }

  @Test
  void and_is_set_right_by_a_scheduler_that_may() {
    fleet.createCanvas("repaired");
    String topic = fleet.plan.events("repaired", 1);
    set(topic, "retention.ms", "3600000");
    set(topic, "retention.bytes", "1000000");
    RetentionGuard guard = guard(true, Instant.now());
    guard.turn();
    assertEquals(
        "topic "
            + topic
            + " was set right: retention.bytes was 1000000 and is -1; retention.ms was 3600000 and"
            + " is -1",
        told.getLast().toString());
    AuditRecord audit = audit(topic).getLast();
    assertEquals("topic repair", audit.getAction());
    assertEquals("retention.bytes=1000000, retention.ms=3600000", audit.getBefore());
    assertEquals("retention.bytes=-1, retention.ms=-1", audit.getAfter());
    guard.turn();
    assertEquals(2, told.size(), "said what was wrong, and that it was set right");
  }

  private RetentionGuard guard(boolean repairs, Instant now) {
    return new RetentionGuard(
        new RetentionGuard.Parts(
            fleet.plan,
            cluster(),
            admin,
            UpkeepOfAFleetTest::view,
            repairs,
            UpkeepOfAFleetTest::connect,
            () -> BacklogReader.of(fleet.client, fleet.plan, ANSWER_MAX),
            InstantSource.fixed(now),
            told::add));
  }

  private static void emitAt(String topic, Instant time) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(fleet.client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 2, time.toEpochMilli(), null, new byte[0]));
      producer.send(
          new ProducerRecord<>(topic, 1, time.plusSeconds(1).toEpochMilli(), null, new byte[0]));
    }
  }

  private static void set(String topic, String name, String value) {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    get(
        admin
            .incrementalAlterConfigs(
                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
            .all());
  }

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
