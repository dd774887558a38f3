package dev.nightshift.handler;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One emitted event, as its handler sees it. Immutable, safe for use by many threads.
public interface Event {
  /// The event's id: what the emitter gave, or a UUIDv7. The same each time that the event is
  /// started, so it is the key for side effects that must not happen twice.
  String id();

  /// The canvas it was emitted into.
  String canvas();

  /// The queue it was emitted into.
  String queue();

  /// Which attempt this is, from 1 to 5: one more than were lost with workers that died or had to
  /// stop. It does not tell starts apart: one whose partition moved to another worker is repeated
  /// there as the same attempt. See [#id].
  int attempt();

  /// When the emitter made it, to the millisecond at least: by the emitter's clock, unless its
  /// topic is set up to keep the broker's.
  Instant emittedAt();

  /// The payload's media type, if the emitter said one.
  Optional<String> contentType();

  /// All headers of the record as text, by name. Of a name that occurs twice the last value counts.
  Map<String, String> headers();

  /// The payload as it was emitted; a copy. Empty if there was none.
  byte[] bytes();

  /// The payload as UTF-8 text; malformed bytes become the replacement character.
  String text();

  /// The payload as plain JSON values: maps, lists, strings, numbers, booleans, null.
  ///
  /// @throws CodecException if the payload is no JSON, or the handler JAR brings no [Codec]
  @Nullable Object json();

  /// The payload read as `type` by the [Codec] of the handler's JAR.
  ///
  /// @throws CodecException if the payload does not fit the type, or the handler JAR brings no
  ///   [Codec] for its media type
  <T> T as(Class<T> type);
}
