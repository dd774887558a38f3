package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What a simulated event does when it runs: all of it follows from its id, so each attempt does
/// the same. The id also stands at the head of its payload.
///
/// @param id its kind's letter and a number, or the parent's id and `.c` for a child
/// @param takes how long its handler runs
/// @param fails whether its handler throws
/// @param stubborn whether its handler ignores interrupts
/// @param childCanvas where its handler emits a child event, if it does
record SimEvent(
    String id,
    Kind kind,
    String queue,
    Duration takes,
    boolean fails,
    boolean stubborn,
    Optional<String> childCanvas) {
  static final TopicPlan TOPICS = new TopicPlan("sim.");
  static final String TRACES = TOPICS.traces();
  static final String DEAD = TOPICS.dead();
  static final String RETRY = TOPICS.retry();

  /// Only some workers have its handler.
  static final String QUEUE_OF_SOME = "some";

  /// No worker has its handler.
  static final String QUEUE_OF_NOBODY = "nobody";

  /// Its handlers have a time limit.
  static final String QUEUE_LIMITED = "limited";

  /// All its events kill their workers, for a time.
  static final String QUEUE_POISONED = "poisoned";

  static final Duration TIME_LIMIT = Duration.ofMillis(400);
  static final int RECORD_BYTES_MAX = 6_000;

  /// What is special about an event.
  enum Kind {
    ORDINARY('e'),
    /// Ends at once.
    QUICK('q'),
    /// Runs for long.
    HANGING('l'),
    /// Its handler kills the worker, each time.
    KILLER('k'),
    /// Its handler kills the worker as long as its queue is poisoned.
    POISON('p'),
    /// Its child is too large to be stored.
    LARGE_CHILD('c'),
    /// So large that it cannot be moved: with more headers it does not fit.
    FULL('f'),
    /// No event.
    UNDECODABLE('u'),
    /// No event, and what makes it large are its headers.
    UNDECODABLE_HEADERS('h');

    final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    boolean undecodable() {
      return this == UNDECODABLE || this == UNDECODABLE_HEADERS;
    }

    private static Kind of(String id) {
      return Arrays.stream(values())
          .filter(kind -> id.charAt(0) == kind.letter && !id.endsWith(".c"))
          .findFirst()
          .orElse(ORDINARY);
    }
  }

  static SimEvent of(String id) {
    Random random = new Random(id.hashCode() * 31L + 17);
    random.nextInt();
    Kind kind = Kind.of(id);
    String queue =
        switch (kind) {
          case ORDINARY -> queue(random.nextInt(80));
          case POISON -> QUEUE_POISONED;
          // Where it stands there may be no handler, and no lane takes it.
          case FULL -> random.nextBoolean() ? QUEUE_OF_SOME : "work";
          default -> "work";
        };
    boolean slow = random.nextInt(30) == 0;
    Duration takes =
        switch (kind) {
          case QUICK -> Duration.ofMillis(random.nextInt(3));
          case HANGING -> Duration.ofSeconds(10 + random.nextInt(50));
          default -> Duration.ofMillis(random.nextInt(slow ? 30_000 : 300));
        };
    boolean ordinary = kind == Kind.ORDINARY && !id.endsWith(".c");
    boolean fails = ordinary && random.nextInt(10) == 0;
    boolean stubborn = random.nextInt(3) == 0;
    boolean emits = (ordinary && random.nextInt(5) == 0) || kind == Kind.LARGE_CHILD;
    String target = random.nextBoolean() ? "b" : "c";
    return new SimEvent(
        id, kind, queue, takes, fails, stubborn, emits ? Optional.of(target) : Optional.empty());
  }

  private static String queue(int choice) {
    return switch (choice) {
      case 0, 1 -> QUEUE_OF_NOBODY;
      case 2, 3, 4, 5, 6, 7 -> QUEUE_OF_SOME;
      case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 -> QUEUE_LIMITED;
      default -> "work";
    };
  }

  boolean timesOut() {
    return queue.equals(QUEUE_LIMITED) && takes.compareTo(TIME_LIMIT) > 0;
  }

  /// Its record as its emitter writes it.
  ProducerRecord<byte[], byte[]> record(Canvas canvas) {
    byte[] key = id.getBytes(UTF_8);
    var record = new ProducerRecord<>(canvas.topic(), null, null, key, payload(40));
    if (canvas.shared()) {
      record.headers().add(EventHeaders.CANVAS, canvas.name().getBytes(UTF_8));
    }
    record.headers().add(EventHeaders.TYPE, queue.getBytes(UTF_8));
    switch (kind) {
      case UNDECODABLE -> record.headers().add(EventHeaders.ID, "not allowed".getBytes(UTF_8));
      case UNDECODABLE_HEADERS ->
          record.headers().add("large", new byte[RECORD_BYTES_MAX - bytes(record) - 5]);
      default -> record.headers().add(EventHeaders.ID, key);
    }
    return kind == Kind.FULL ? full(record) : record;
  }

  private ProducerRecord<byte[], byte[]> full(ProducerRecord<byte[], byte[]> record) {
    byte[] payload = payload(RECORD_BYTES_MAX - bytes(record) + record.value().length);
    return new ProducerRecord<>(
        record.topic(), null, null, record.key(), payload, record.headers());
  }

  Optional<SimEvent> child() {
    return childCanvas.map(canvas -> of(id + ".c"));
  }

  /// The child's record, which no broker takes if the kind says so.
  ProducerRecord<byte[], byte[]> childRecord(Canvas canvas) {
    ProducerRecord<byte[], byte[]> record = of(id + ".c").record(canvas);
    if (kind == Kind.LARGE_CHILD) {
      record.headers().add("large", new byte[RECORD_BYTES_MAX]);
    }
    return record;
  }

  private byte[] payload(int length) {
    return Arrays.copyOf((id + "\n").getBytes(UTF_8), Math.max(length, id.length() + 1));
  }

  private static int bytes(ProducerRecord<byte[], byte[]> record) {
    int bytes = record.key().length + record.value().length;
    for (Header header : record.headers()) {
      bytes += header.key().length() + header.value().length;
    }
    return bytes;
  }

  /// The id of the event with this payload; empty if it was cut off.
  static Optional<String> idOf(byte @Nullable [] payload) {
    if (payload == null || payload.length == 0) {
      return Optional.empty();
    }
    String text = new String(payload, UTF_8);
    return Optional.of(text.substring(0, text.indexOf('\n')));
  }

  static ProducerRecord<byte[], byte[]> trace(EventEnvelope event, Outcome outcome) {
    return trace(event.id(), event.attempt(), outcome);
  }

  static ProducerRecord<byte[], byte[]> trace(String id, int attempt, Outcome outcome) {
    String key = id + " " + attempt;
    return new ProducerRecord<>(TRACES, 0, key.getBytes(UTF_8), outcome.label().getBytes(UTF_8));
  }
}
