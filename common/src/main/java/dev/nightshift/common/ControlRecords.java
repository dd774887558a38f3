package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec.UndecodableRecordException;
import dev.nightshift.common.record.BreakerRecord;
import dev.nightshift.common.record.CanvasRecord;
import dev.nightshift.common.record.CanvasState;
import dev.nightshift.common.record.ConcurrencyRecord;
import dev.nightshift.common.record.FlagKindRecord;
import dev.nightshift.common.record.FlagRecord;
import dev.nightshift.common.record.FlagState;
import dev.nightshift.common.record.KillerRecord;
import dev.nightshift.common.record.LaneRecord;
import dev.nightshift.common.record.LimitRecord;
import dev.nightshift.common.record.ScaleBoundsRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The control log's records as bytes and back. Pure; safe for use by many threads.
final class ControlRecords {
  private ControlRecords() {}

  static ProducerRecord<byte[], byte[]> of(
      String topic, Canvas canvas, String actor, Instant changedAt) {
    CanvasRecord record =
        new CanvasRecord(
            canvas.name(),
            canvas.generation(),
            canvas.topic(),
            canvas.group(),
            canvas.gone()
                ? CanvasState.GONE
                : canvas.deleted() ? CanvasState.DELETED : CanvasState.ACTIVE,
            actor,
            changedAt);
    return record(topic, canvas, RecordCodec.CANVASES.encode(record));
  }

  /// A flag that is set, or that was lifted.
  static ProducerRecord<byte[], byte[]> of(
      String topic, Flag flag, FlagState state, String actor, Instant changedAt) {
    FlagRecord record =
        new FlagRecord(
            flag.id(),
            FlagKindRecord.valueOf(flag.kind().name()),
            flag.scope().canvas().orElse(""),
            flag.generation(),
            flag.scope().queue().orElse(""),
            state,
            flag.reason(),
            flag.until().orElse(null),
            actor,
            changedAt);
    return record(topic, flag, RecordCodec.FLAGS.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(String topic, Lane lane, Instant madeAt) {
    LaneRecord record =
        new LaneRecord(
            lane.canvas(),
            lane.generation(),
            lane.queue(),
            lane.topic(),
            lane.partitions(),
            madeAt);
    return record(topic, lane, RecordCodec.LANES.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(
      String topic, Limit limit, Cause cause, Instant changedAt) {
    LimitRecord record =
        new LimitRecord(
            limit.canvas(),
            limit.generation(),
            limit.queue(),
            limit.concurrency().orElse(null),
            limit.perSecond().orElse(null),
            limit.timeout().map(Duration::toMillis).orElse(null),
            cause.actor(),
            cause.reason(),
            changedAt);
    return record(topic, limit, RecordCodec.LIMITS.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(
      String topic, Concurrency concurrency, Cause cause, Instant changedAt) {
    ConcurrencyRecord record =
        new ConcurrencyRecord(
            concurrency.worker(),
            concurrency.handlers().orElse(null),
            cause.actor(),
            cause.reason(),
            changedAt);
    return record(topic, concurrency, RecordCodec.CONCURRENCY.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(
      String topic, ScaleBounds bounds, Cause cause, Instant changedAt) {
    ScaleBoundsRecord record =
        new ScaleBoundsRecord(
            bounds.min(),
            bounds.max(),
            bounds.target().toMillis(),
            cause.actor(),
            cause.reason(),
            changedAt);
    return record(topic, bounds, RecordCodec.SCALE_BOUNDS.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(
      String topic, Breaker breaker, Cause cause, Instant changedAt) {
    BreakerRecord record =
        new BreakerRecord(
            breaker.canvas(),
            breaker.generation(),
            breaker.queue(),
            breaker.on(),
            breaker.events(),
            breaker.within().toMillis(),
            breaker.block().toMillis(),
            cause.actor(),
            cause.reason(),
            changedAt);
    return record(topic, breaker, RecordCodec.BREAKERS.encode(record));
  }

  static ProducerRecord<byte[], byte[]> of(String topic, Killer killer) {
    KillerRecord record =
        new KillerRecord(
            killer.canvas(),
            killer.generation(),
            killer.queue(),
            killer.eventId(),
            killer.attempt(),
            killer.worker(),
            killer.at());
    return record(topic, killer, RecordCodec.KILLERS.encode(record));
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, ControlFact fact, byte[] value) {
    return new ProducerRecord<>(topic, fact.key().getBytes(UTF_8), value);
  }

  /// Takes a record away, whatever it says.
  static ProducerRecord<byte[], byte[]> tombstone(String topic, String key) {
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), null);
  }

  /// Puts what a record says into a view.
  ///
  /// @throws UndecodableRecordException if it is of a kind that is not known, damaged, or under a
  ///   key that is not its own
  static void read(ControlViewBuilder view, String key, byte[] value) {
    try {
      ControlFact fact = fact(key, value);
      if (!key.equals(fact.key())) {
        throw new UndecodableRecordException(
            "it belongs under the key " + Names.quoted(fact.key()) + "; delete this one");
      }
      view.put(fact);
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static ControlFact fact(String key, byte[] value) {
    int slash = key.indexOf('/');
    return switch (slash < 0 ? key : key.substring(0, slash)) {
      case "canvas" -> canvas(RecordCodec.CANVASES.decode(value));
      case "flag" -> flag(RecordCodec.FLAGS.decode(value));
      case "lane" -> lane(RecordCodec.LANES.decode(value));
      case "limit" -> limit(RecordCodec.LIMITS.decode(value));
      case "concurrency" -> concurrency(RecordCodec.CONCURRENCY.decode(value));
      case ScaleBounds.KEY -> scaleBounds(RecordCodec.SCALE_BOUNDS.decode(value));
      case "breaker" -> breaker(RecordCodec.BREAKERS.decode(value));
      case "killer" -> killer(RecordCodec.KILLERS.decode(value));
      default ->
          throw new UndecodableRecordException(
              "records of this kind are not known to this version; upgrade this process");
    };
  }

  private static Canvas canvas(CanvasRecord record) {
    return new Canvas(
        record.getCanvas(),
        record.getGeneration(),
        record.getTopic(),
        record.getGroup(),
        record.getState() != CanvasState.ACTIVE,
        record.getState() == CanvasState.GONE);
  }

  private static Lane lane(LaneRecord record) {
    return new Lane(
        record.getCanvas(),
        record.getGeneration(),
        record.getQueue(),
        record.getTopic(),
        record.getPartitions());
  }

  private static Limit limit(LimitRecord record) {
    return new Limit(
        record.getCanvas(),
        record.getGeneration(),
        record.getQueue(),
        Optional.ofNullable(record.getConcurrency()),
        Optional.ofNullable(record.getPerSecond()),
        Optional.ofNullable(record.getTimeoutMillis()).map(Duration::ofMillis));
  }

  private static Concurrency concurrency(ConcurrencyRecord record) {
    return new Concurrency(record.getWorker(), Optional.ofNullable(record.getConcurrency()));
  }

  private static ScaleBounds scaleBounds(ScaleBoundsRecord record) {
    return new ScaleBounds(
        record.getMinimum(), record.getMaximum(), Duration.ofMillis(record.getTargetMillis()));
  }

  private static Breaker breaker(BreakerRecord record) {
    return new Breaker(
        record.getCanvas(),
        record.getGeneration(),
        record.getQueue(),
        record.getOn(),
        record.getEvents(),
        Duration.ofMillis(record.getWithinMillis()),
        Duration.ofMillis(record.getBlockMillis()));
  }

  private static Killer killer(KillerRecord record) {
    return new Killer(
        record.getCanvas(),
        record.getGeneration(),
        record.getQueue(),
        record.getEventId(),
        record.getAttempt(),
        record.getWorker(),
        record.getAt());
  }

  private static ControlFact flag(FlagRecord record) {
    if (record.getState() == FlagState.LIFTED) {
      return new LiftedFlag(record.getId(), record.getChangedAt());
    }
    return new Flag(
        record.getId(),
        FlagKind.valueOf(record.getKind().name()),
        new Scope(named(record.getCanvas()), named(record.getQueue())),
        record.getGeneration(),
        record.getActor(),
        record.getReason(),
        record.getChangedAt(),
        Optional.ofNullable(record.getUntil()));
  }

  private static Optional<String> named(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }
}
