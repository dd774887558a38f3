package dev.nightshift.handler;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// Turns payloads into values and back. Found with [java.util.ServiceLoader] in the handler's own
/// JAR and class loader, so each handler JAR uses the library and version that it brings. Must be
/// safe for use by many threads.
public interface Codec {
  /// Whether this codec reads and writes that media type, e.g. `application/json`. An event without
  /// a media type is offered as `application/json`.
  boolean supports(String contentType);

  /// The media type of what [#encode] writes.
  String contentType();

  /// Reads a payload.
  ///
  /// @param payload the bytes as they were emitted
  /// @param type the wanted type; `Object.class` for plain maps, lists, strings, numbers and
  ///   booleans
  /// @throws Exception any; the caller wraps it in a [CodecException]
  @Nullable Object decode(byte[] payload, Type type) throws Exception;

  /// Writes a value.
  ///
  /// @throws Exception any; the caller wraps it in a [CodecException]
  byte[] encode(Object value) throws Exception;
}
