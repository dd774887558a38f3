package dev.nightshift.common.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.CronMissedRecord;
import dev.nightshift.common.record.CronOverlapRecord;
import dev.nightshift.common.record.CronPauseRecord;
import dev.nightshift.common.record.CronRecord;
import dev.nightshift.common.record.CronSkipRecord;
import dev.nightshift.common.record.CronSkippedRecord;
import dev.nightshift.common.record.CronTickRecord;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/// The records of the topic of schedules as bytes and back. Pure; safe for use by many threads.
public final class CronRecords {
  static final String CRON_PREFIX = "cron/";
  static final String TICK_PREFIX = "tick/";

  private CronRecords() {}

  /// Which of the schedulers' partitions a cron belongs to, whatever the generation of its canvas:
  /// the owner of that emits its ticks.
  ///
  /// @param partitions how many there are
  public static int partition(CronName name, int partitions) {
    byte[] key = (CRON_PREFIX + name).getBytes(UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /// How far a cron's ticks were computed, to be written with their events.
  public static ProducerRecord<byte[], byte[]> of(TopicPlan plan, CronKey key, CronState state) {
    CronTickRecord record =
        new CronTickRecord(
            key.name().canvas(),
            key.name().name(),
            state.lastTick().orElse(null),
            state.lastEmitted().orElse(null),
            state
                .skipped()
                .map(skipped ->
                    new CronSkippedRecord(
                        skipped.tick(), CronSkipRecord.valueOf(skipped.why().name())))
                .orElse(null));
    return new ProducerRecord<>(
        plan.schedules(),
        (TICK_PREFIX + key).getBytes(UTF_8),
        RecordCodec.CRON_TICKS.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(TopicPlan plan, Cron cron) {
    CronSettings settings = cron.settings();
    CronRecord record =
        new CronRecord(
            cron.name().canvas(),
            cron.generation(),
            cron.name().name(),
            settings.queue(),
            settings.schedule().text(),
            settings.schedule().zone().getId(),
            ByteBuffer.wrap(settings.payload().bytes()),
            settings.payload().contentType().orElse(null),
            CronMissedRecord.valueOf(settings.missed().name()),
            CronOverlapRecord.valueOf(settings.overlap().name()),
            cron.since(),
            cron.actor(),
            cron.setAt(),
            cron.pause()
                .map(pause -> new CronPauseRecord(pause.actor(), pause.at(), pause.reason()))
                .orElse(null));
    return new ProducerRecord<>(
        plan.schedules(),
        (CRON_PREFIX + cron.key()).getBytes(UTF_8),
        RecordCodec.CRONS.encode(record));
  }

  /// That there is no such cron any more.
  static ProducerRecord<byte[], byte[]> deleted(TopicPlan plan, CronKey key) {
    return new ProducerRecord<>(plan.schedules(), (CRON_PREFIX + key).getBytes(UTF_8), null);
  }

  /// That nothing is known any more of a cron's ticks.
  static ProducerRecord<byte[], byte[]> forgotten(TopicPlan plan, CronKey key) {
    return new ProducerRecord<>(plan.schedules(), (TICK_PREFIX + key).getBytes(UTF_8), null);
  }

  /// @throws RecordCodec.UndecodableRecordException if it is none
  /// @throws IllegalArgumentException if a value is not allowed
  static Cron cron(byte[] value) {
    CronRecord record = RecordCodec.CRONS.decode(value);
    byte[] payload = new byte[record.getPayload().remaining()];
    record.getPayload().duplicate().get(payload);
    return new Cron(
        new CronName(record.getCanvas(), record.getName()),
        record.getGeneration(),
        new CronSettings(
            record.getQueue(),
            CronSchedule.parse(record.getSchedule(), record.getZone()),
            new CronPayload(payload, Optional.ofNullable(record.getContentType())),
            Missed.valueOf(record.getMissed().name()),
            Overlap.valueOf(record.getOverlap().name())),
        Optional.ofNullable(record.getPause())
            .map(pause -> new CronPause(pause.getActor(), pause.getAt(), pause.getReason())),
        record.getSince(),
        record.getActor(),
        record.getSetAt());
  }

  /// @throws RecordCodec.UndecodableRecordException if it is none
  static CronState state(byte[] value) {
    CronTickRecord record = RecordCodec.CRON_TICKS.decode(value);
    return new CronState(
        Optional.ofNullable(record.getLastTick()),
        Optional.ofNullable(record.getLastEmitted()),
        Optional.ofNullable(record.getSkipped())
            .map(skipped ->
                new CronState.Skipped(
                    skipped.getTick(), CronState.Why.valueOf(skipped.getWhy().name()))));
  }
}
