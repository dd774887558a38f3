package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// An event as it was read from a topic: its metadata checked, its payload untouched. Immutable.
///
/// @param id the event's id
/// @param queue the queue that it was emitted into
/// @param claimedCanvas what the record says its canvas is
/// @param emittedAt the emitter's time, else the record's
/// @param attempt the attempt that is next, from 1
/// @param suspicion how many processes died while they ran it
/// @param notBefore when it may be started
/// @param carriedOrigin the [#origin] that its headers carry, where they are trusted; else empty:
///   this is its first record
/// @param history the lost attempts so far, a line each
/// @param extras what its headers say beside that
/// @param record the record itself
public record EventEnvelope(
    String id,
    String queue,
    Optional<String> claimedCanvas,
    Instant emittedAt,
    int attempt,
    int suspicion,
    Optional<Instant> notBefore,
    String carriedOrigin,
    String history,
    Extras extras,
    ConsumerRecord<byte[], byte[]> record) {

  /// What the headers of an event say that Nightshift does not go by, but shows. Immutable.
  ///
  /// @param source who emitted it
  /// @param contentType the payload's media type
  /// @param others the headers that are about nothing else here or in the event, in their order;
  ///   and each of source or media type that has no value
  public record Extras(Optional<String> source, Optional<String> contentType, List<Header> others) {
    /// Of an event that says nothing.
    public static final Extras NONE = new Extras(Optional.empty(), Optional.empty(), List.of());

    /// What they take in memory, in bytes.
    public int bytes() {
      int sum = source.map(String::length).orElse(0) + contentType.map(String::length).orElse(0);
      for (Header header : others) {
        byte @Nullable [] value = header.value();
        sum += header.key().length() + (value == null ? 0 : value.length);
      }
      return sum;
    }

    /// Of any record, be it an event or not.
    public static Extras of(ConsumerRecord<byte[], byte[]> record) {
      return new KnownNames().extras(new Found(record));
    }
  }

  private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9._-]+/[0-9]+/[0-9]+");

  /// Reads a record.
  ///
  /// @param record what was polled
  /// @param trusted whether only workers write its topic; else attempt, suspicion, not-before,
  ///   origin and history are not looked at
  /// @throws UndecodableException if it is no event; the message says why
  public static EventEnvelope read(ConsumerRecord<byte[], byte[]> record, boolean trusted) {
    return read(record, trusted, new KnownNames());
  }

  /// Reads a record; names that were known already are not read again.
  ///
  /// @throws UndecodableException if it is no event; the message says why
  public static EventEnvelope read(
      ConsumerRecord<byte[], byte[]> record, boolean trusted, KnownNames names) {
    Found found = new Found(record);
    String queue = names.queue(required(found.queue, EventHeaders.TYPE));
    String id = new String(required(found.id, EventHeaders.ID), UTF_8);
    reject(Names.problemWithEventId(id));
    Optional<String> canvas = names.canvas(found.canvas);
    Instant emittedAt = EventTime.of(found.time, record);
    Extras extras = names.extras(found);
    if (!trusted) {
      return new EventEnvelope(
          id, queue, canvas, emittedAt, 1, 0, Optional.empty(), "", "", extras, record);
    }
    return new EventEnvelope(
        id,
        queue,
        canvas,
        emittedAt,
        number(record, EventHeaders.ATTEMPT, 1),
        number(record, EventHeaders.SUSPICION, 0),
        text(record, EventHeaders.NOT_BEFORE)
            .map(text -> EventTime.parse(text, EventHeaders.NOT_BEFORE)),
        carriedOrigin(record),
        text(record, EventHeaders.HISTORY).orElse(""),
        extras,
        record);
  }

  /// What every event has, found in one pass: each look-up by name would be one. Of several headers
  /// of a name the last one counts.
  static final class Found {
    byte @Nullable [] id;
    byte @Nullable [] queue;
    byte @Nullable [] canvas;
    byte @Nullable [] time;
    byte @Nullable [] source;
    byte @Nullable [] contentType;
    List<Header> others = List.of();

    Found(ConsumerRecord<byte[], byte[]> record) {
      for (Header header : record.headers()) {
        // Until it is asked for its value a header keeps the buffer of the whole record.
        byte @Nullable [] value = header.value();
        switch (header.key()) {
          case EventHeaders.ID -> id = value;
          case EventHeaders.TYPE -> queue = value;
          case EventHeaders.CANVAS -> canvas = value;
          case EventHeaders.TIME -> time = value;
          case EventHeaders.SOURCE -> source = valued(header, value);
          case EventHeaders.CONTENT_TYPE -> contentType = valued(header, value);
          case EventHeaders.SPEC_VERSION,
              EventHeaders.ATTEMPT,
              EventHeaders.SUSPICION,
              EventHeaders.NOT_BEFORE,
              EventHeaders.ORIGIN,
              EventHeaders.HISTORY -> {
            // the same for all, or asked for where its topic is trusted
          }
          default -> add(header);
        }
      }
    }

    // That one has no value is shown, too.
    private byte @Nullable [] valued(Header header, byte @Nullable [] value) {
      if (value == null) {
        add(header);
      }
      return value;
    }

    // As a rule there is none.
    private void add(Header header) {
      if (others.isEmpty()) {
        others = new ArrayList<>();
      }
      others.add(header);
    }
  }

  /// The last header of that name as text, if there is one with a value.
  public Optional<String> header(String name) {
    return text(record, name);
  }

  /// Where the event's first record is, as `topic/partition/offset`. Put together each time it is
  /// asked for: of most events only their traces do, not who reads them.
  public String origin() {
    return carriedOrigin.isEmpty()
        ? record.topic() + '/' + record.partition() + '/' + record.offset()
        : carriedOrigin;
  }

  /// The topic where it was first emitted.
  public String originTopic() {
    return carriedOrigin.isEmpty()
        ? record.topic()
        : carriedOrigin.substring(0, carriedOrigin.indexOf('/'));
  }

  /// The payload; empty if the record has none.
  public byte[] payload() {
    byte @Nullable [] value = record.value();
    return value == null ? new byte[0] : value;
  }

  private static byte[] required(byte @Nullable [] value, String name) {
    if (value == null) {
      throw new UndecodableException("it has no header " + name);
    }
    return value;
  }

  // Empty if it has none.
  private static String carriedOrigin(ConsumerRecord<byte[], byte[]> record) {
    Optional<String> said = text(record, EventHeaders.ORIGIN);
    String origin = said.orElse("");
    if (said.isPresent() && !ORIGIN.matcher(origin).matches()) {
      throw new UndecodableException(
          "its header "
              + EventHeaders.ORIGIN
              + " is "
              + Names.quoted(origin)
              + ", not topic/partition/offset");
    }
    return origin;
  }

  static void reject(Optional<String> problem) {
    if (problem.isPresent()) {
      throw new UndecodableException(problem.get());
    }
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name)).map(EventEnvelope::text);
  }

  private static @Nullable String text(Header header) {
    byte @Nullable [] value = header.value();
    return value == null ? null : new String(value, UTF_8);
  }

  private static int number(ConsumerRecord<byte[], byte[]> record, String name, int least) {
    Optional<String> text = text(record, name);
    if (text.isEmpty()) {
      return least;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UndecodableException(
        "its header " + name + " is " + Names.quoted(text.get()) + ", not a number from " + least);
  }

  /// A record that is no event.
  public static final class UndecodableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message) {
      super(message);
    }
  }
}
