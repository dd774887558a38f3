package dev.nightshift.scheduler.internal.crons;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronKey;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronRecords;
import dev.nightshift.common.cron.CronState;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The records of crons' ticks. Immutable.
final class CronEvents {
  /// Who emits, as `ce_source`.
  private static final String SOURCE = "nightshift-scheduler";

  private static final int OVERHEAD_BYTES = 500;

  private final TopicPlan plan;
  private final EventRecords records;

  CronEvents(TopicPlan plan) {
    this.plan = plan;
    this.records = new EventRecords(SOURCE, plan);
  }

  /// The event of a tick.
  ///
  /// @param topic where it goes
  ProducerRecord<byte[], byte[]> record(Cron cron, Instant tick, String topic, Instant now) {
    CronPayload payload = cron.settings().payload();
    String id = cron.eventId(tick);
    Emission emission =
        new Emission(
            cron.name().canvas(),
            cron.settings().queue(),
            payload.bytes(),
            payload.contentType(),
            Optional.of(id),
            Map.of());
    Canvas canvas =
        new Canvas(cron.name().canvas(), cron.generation(), topic, plan.workersGroup(), false);
    ProducerRecord<byte[], byte[]> record =
        records.record(emission, canvas, id, Optional.empty(), now);
    record.headers().add(EventHeaders.CRON, cron.name().name().getBytes(UTF_8));
    record.headers().add(EventHeaders.SCHEDULED, tick.toString().getBytes(UTF_8));
    return record;
  }

  /// How far a cron is.
  ProducerRecord<byte[], byte[]> state(CronKey cron, CronState state) {
    return CronRecords.of(plan, cron, state);
  }

  /// What one tick takes, roughly.
  long bytesOf(Cron cron) {
    return OVERHEAD_BYTES + cron.settings().payload().bytes().length;
  }
}
