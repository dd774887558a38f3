package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

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
public record Emission(
    String canvas,
    String queue,
    byte[] payload,
    Optional<String> contentType,
    Optional<String> id,
    Map<String, String> headers) {

  /// Checks nothing yet: [Emitter#emit] does, so that all problems are told in one way.
  public Emission {
    headers = Map.copyOf(headers);
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
    return new Emission(canvas, queue, payload, Optional.of(type), id, headers);
  }

  /// The same with the caller's own id: 1 to 200 printable ASCII characters. Emitting again with
  /// the same id after a failure makes duplicates recognisable; it does not remove them.
  public Emission withId(String own) {
    return new Emission(canvas, queue, payload, contentType, Optional.of(own), headers);
  }

  /// The same with these headers, `traceparent` and `tracestate` among them where a trace is to be
  /// carried on.
  public Emission withHeaders(Map<String, String> more) {
    return new Emission(canvas, queue, payload, contentType, id, more);
  }
}
