package dev.nightshift.common.scale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ScaleLogTest {
  private static final TopicPlan PLAN = new TopicPlan("a.");
  private static final Instant SAID = Instant.parse("2030-01-01T12:00:00Z");

  private final Map<String, String> skipped = new TreeMap<>();

  @Test
  void a_decision_is_read_as_it_was_written_at_the_brokers_time() {
    ScaleDecision decision = decision(OptionalDouble.of(400.5));
    assertEquals(Optional.of(decision), read(Optional.empty(), ScaleLog.record(PLAN, decision)));
    ScaleDecision unmeasured = decision(OptionalDouble.empty());
    assertEquals(
        Optional.of(unmeasured), read(Optional.of(decision), ScaleLog.record(PLAN, unmeasured)));
    assertEquals(Map.of(), skipped);
  }

  @Test
  void a_record_that_cannot_be_read_leaves_the_decision_before_it() {
    Optional<ScaleDecision> before = Optional.of(decision(OptionalDouble.empty()));
    assertEquals(
        before, read(before, new ProducerRecord<>(PLAN.scale(), bytes("workers"), bytes("x"))));
    assertEquals(
        before, read(before, new ProducerRecord<>(PLAN.scale(), bytes("disks"), bytes("x"))));
    assertEquals(
        Map.of(
            "workers",
            "cannot read a ScaleRecord: it starts with 78, not with C3 01 and a schema's fingerprint",
            "disks",
            "records of this kind are not known to this version; upgrade this process"),
        skipped);
  }

  @Test
  void a_decision_that_nobody_repeats_is_old_after_half_a_minute() {
    ScaleDecision decision = decision(OptionalDouble.empty());
    assertTrue(decision.isFresh(SAID.plusSeconds(30)));
    assertFalse(decision.isFresh(SAID.plusMillis(30_001)));
  }

  private static ScaleDecision decision(OptionalDouble perWorker) {
    return new ScaleDecision(
        4,
        2,
        "12,000 wait",
        Instant.parse("2030-01-01T11:59:00Z"),
        new ScaleBounds(1, 8, Duration.ofSeconds(30)),
        new ScaleFigures(12_000, 7, Duration.ofSeconds(9), 300.5, 800, perWorker, 6),
        "scheduler-1",
        SAID);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private Optional<ScaleDecision> read(
      Optional<ScaleDecision> before, ProducerRecord<byte[], byte[]> written) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            written.topic(),
            0,
            5L,
            SAID.toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            -1,
            -1,
            written.key(),
            written.value(),
            new RecordHeaders(),
            Optional.empty());
    return ScaleLog.read(
        before, List.of(record), (key, why) -> why.ifPresent(problem -> skipped.put(key, problem)));
  }
}
