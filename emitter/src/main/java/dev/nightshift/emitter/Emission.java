package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One event to emit. Immutable; the payload is not copied, so do not change it afterwards.
///
/// @param canvas the canvas
/// @param queue the queue
/// @param payload its bytes, stored as they are
/// @param contentType the payload's media type
/// @param id the caller's own id, else a UUIDv7 is made
/// @param headers more headers; names that start with `ce_` or `ns-` are reserved
/// @param due when it is to be emitted, if not at once
public record Emission(
    String canvas,
    String queue,
    byte[] payload,
    Optional<String> contentType,
    Optional<String> id,
    Map<String, String> headers,
    Optional<Due> due) {

  /// Checks nothing yet: [Emitter#emit] does, so that all problems are told in one way.
  public Emission {
    headers = Map.copyOf(headers);
  }

  /// One that is emitted at once.
  public Emission(
      String canvas,
      String queue,
      byte[] payload,
      Optional<String> contentType,
      Optional<String> id,
      Map<String, String> headers) {
    this(canvas, queue, payload, contentType, id, headers, Optional.empty());
  }

  /// Bytes of no said kind.
  public static Emission of(String canvas, String queue, byte[] payload) {
    return new Emission(canvas, queue, payload, Optional.empty(), Optional.empty(), Map.of());
  }

  /// JSON text.
  public static Emission ofJson(String canvas, String queue, String json) {
    return of(canvas, queue, json.getBytes(UTF_8)).withContentType("application/json");
  }

  /// The same with a media type.
  public Emission withContentType(String type) {
    return new Emission(canvas, queue, payload, Optional.of(type), id, headers, due);
  }

  /// The same with the caller's own id: 1 to 200 printable ASCII characters. Emitting again with
  /// the same id after a failure makes duplicates recognisable; it does not remove them.
  public Emission withId(String own) {
    return new Emission(canvas, queue, payload, contentType, Optional.of(own), headers, due);
  }

  /// The same with these headers, `traceparent` and `tracestate` among them where a trace is to be
  /// carried on.
  public Emission withHeaders(Map<String, String> more) {
    return new Emission(canvas, queue, payload, contentType, id, more, due);
  }

  /// The same, emitted so much later than it is given to the emitter: up to 366 days, zero is at
  /// once. See [#at].
  public Emission after(Duration delay) {
    return due(new Due.After(delay));
  }

  /// The same, emitted at this time: never before, and normally within a tenth of a second after.
  ///
  /// Until then it waits in Kafka, for a scheduler (`nightshift scheduler`), whose clock decides;
  /// if none runs, it is emitted when one does. It may be up to 366 days ahead. An event whose time
  /// has passed is emitted at once.
  ///
  /// Emitting into the same canvas with the same id before it is due replaces it, payload and all:
  /// so it can be moved to another time. (If that has passed, it does not: then both are emitted.)
  /// With `nightshift event cancel ID` it is not emitted.
  public Emission at(Instant instant) {
    return due(new Due.At(instant));
  }

  private Emission due(Due when) {
    return new Emission(canvas, queue, payload, contentType, id, headers, Optional.of(when));
  }
}
