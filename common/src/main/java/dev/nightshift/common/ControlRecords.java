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
  private static final String CANVAS_PREFIX = "canvas/";
  private static final String FLAG_PREFIX = "flag/";
  private static final String LANE_PREFIX = "lane/";
  private static final String LIMIT_PREFIX = "limit/";
  private static final String CONCURRENCY_PREFIX = "concurrency/";
  private static final String BREAKER_PREFIX = "breaker/";
  private static final String KILLER_PREFIX = "killer/";

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
    String key = ControlView.key(canvas.name(), canvas.generation());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), RecordCodec.CANVASES.encode(record));
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
    return new ProducerRecord<>(
        topic, ControlView.flagKey(flag.id()).getBytes(UTF_8), RecordCodec.FLAGS.encode(record));
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
    String key = ControlView.laneKey(lane.canvas(), lane.generation(), lane.queue());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), RecordCodec.LANES.encode(record));
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
    String key = ControlView.limitKey(limit.canvas(), limit.generation(), limit.queue());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), RecordCodec.LIMITS.encode(record));
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
    String key = ControlView.concurrencyKey(concurrency.worker());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), RecordCodec.CONCURRENCY.encode(record));
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
    return new ProducerRecord<>(
        topic, ControlView.SCALE_KEY.getBytes(UTF_8), RecordCodec.SCALE_BOUNDS.encode(record));
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
    return new ProducerRecord<>(
        topic, breaker.key().getBytes(UTF_8), RecordCodec.BREAKERS.encode(record));
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
    return new ProducerRecord<>(
        topic, killer.key().getBytes(UTF_8), RecordCodec.KILLERS.encode(record));
  }

  /// Takes a record away, whatever it says.
  static ProducerRecord<byte[], byte[]> tombstone(String topic, String key) {
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), null);
  }

  /// Puts what a record says into a view.
  ///
  /// @throws UndecodableRecordException if it is of a kind that is not known, damaged, or under a
  ///   key that is not its own
  static void read(ControlView.Builder view, String key, byte[] value) {
    if (key.startsWith(CANVAS_PREFIX)) {
      view.put(canvas(key, value));
    } else if (key.startsWith(FLAG_PREFIX)) {
      flag(view, key, value);
    } else if (key.startsWith(LANE_PREFIX)) {
      view.put(lane(key, value));
    } else if (key.startsWith(LIMIT_PREFIX)) {
      view.put(limit(key, value));
    } else if (key.startsWith(CONCURRENCY_PREFIX)) {
      view.put(concurrency(key, value));
    } else if (key.equals(ControlView.SCALE_KEY)) {
      view.put(scaleBounds(value));
    } else if (key.startsWith(BREAKER_PREFIX)) {
      view.put(breaker(key, value));
    } else if (key.startsWith(KILLER_PREFIX)) {
      view.put(killer(key, value));
    } else {
      throw new UndecodableRecordException(
          "records of this kind are not known to this version; upgrade this process");
    }
  }

  private static Canvas canvas(String key, byte[] value) {
    CanvasRecord record = RecordCodec.CANVASES.decode(value);
    checkKey(key, ControlView.key(record.getCanvas(), record.getGeneration()));
    return new Canvas(
        record.getCanvas(),
        record.getGeneration(),
        record.getTopic(),
        record.getGroup(),
        record.getState() != CanvasState.ACTIVE,
        record.getState() == CanvasState.GONE);
  }

  private static Lane lane(String key, byte[] value) {
    LaneRecord record = RecordCodec.LANES.decode(value);
    checkKey(
        key, ControlView.laneKey(record.getCanvas(), record.getGeneration(), record.getQueue()));
    return new Lane(
        record.getCanvas(),
        record.getGeneration(),
        record.getQueue(),
        record.getTopic(),
        record.getPartitions());
  }

  private static Limit limit(String key, byte[] value) {
    LimitRecord record = RecordCodec.LIMITS.decode(value);
    checkKey(
        key, ControlView.limitKey(record.getCanvas(), record.getGeneration(), record.getQueue()));
    try {
      return new Limit(
          record.getCanvas(),
          record.getGeneration(),
          record.getQueue(),
          Optional.ofNullable(record.getConcurrency()),
          Optional.ofNullable(record.getPerSecond()),
          Optional.ofNullable(record.getTimeoutMillis()).map(Duration::ofMillis));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static Concurrency concurrency(String key, byte[] value) {
    ConcurrencyRecord record = RecordCodec.CONCURRENCY.decode(value);
    checkKey(key, ControlView.concurrencyKey(record.getWorker()));
    try {
      return new Concurrency(record.getWorker(), Optional.ofNullable(record.getConcurrency()));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static ScaleBounds scaleBounds(byte[] value) {
    ScaleBoundsRecord record = RecordCodec.SCALE_BOUNDS.decode(value);
    try {
      return new ScaleBounds(
          record.getMinimum(), record.getMaximum(), Duration.ofMillis(record.getTargetMillis()));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static Breaker breaker(String key, byte[] value) {
    BreakerRecord record = RecordCodec.BREAKERS.decode(value);
    checkKey(key, Breaker.key(record.getCanvas(), record.getGeneration(), record.getQueue()));
    try {
      return new Breaker(
          record.getCanvas(),
          record.getGeneration(),
          record.getQueue(),
          record.getOn(),
          record.getEvents(),
          Duration.ofMillis(record.getWithinMillis()),
          Duration.ofMillis(record.getBlockMillis()));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static Killer killer(String key, byte[] value) {
    KillerRecord record = RecordCodec.KILLERS.decode(value);
    Killer killer =
        new Killer(
            record.getCanvas(),
            record.getGeneration(),
            record.getQueue(),
            record.getEventId(),
            record.getAttempt(),
            record.getWorker(),
            record.getAt());
    checkKey(key, killer.key());
    return killer;
  }

  private static void flag(ControlView.Builder view, String key, byte[] value) {
    FlagRecord record = RecordCodec.FLAGS.decode(value);
    checkKey(key, ControlView.flagKey(record.getId()));
    if (record.getState() == FlagState.LIFTED) {
      view.remove(key);
      return;
    }
    try {
      view.put(
          new Flag(
              record.getId(),
              FlagKind.valueOf(record.getKind().name()),
              new Scope(named(record.getCanvas()), named(record.getQueue())),
              record.getGeneration(),
              record.getActor(),
              record.getReason(),
              record.getChangedAt(),
              Optional.ofNullable(record.getUntil())));
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> named(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private static void checkKey(String key, String own) {
    if (!key.equals(own)) {
      throw new UndecodableRecordException(
          "it belongs under the key " + Names.quoted(own) + "; delete this one");
    }
  }
}
