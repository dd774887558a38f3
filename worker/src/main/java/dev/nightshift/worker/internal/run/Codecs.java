package dev.nightshift.worker.internal.run;

import dev.nightshift.handler.Codec;
import dev.nightshift.handler.CodecException;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The codecs of one handler JAR. Immutable, safe for use by many threads as its codecs are.
public final class Codecs {
  private static final String JSON = "application/json";

  private final String jar;
  private final List<Codec> codecs;

  /// The codecs that `jar` brings, in the order in which they are asked.
  public Codecs(String jar, List<Codec> codecs) {
    this.jar = jar;
    this.codecs = List.copyOf(codecs);
  }

  /// Reads a payload as plain JSON values, whatever its media type is.
  ///
  /// @throws CodecException if it cannot be read
  @Nullable Object json(byte[] payload) {
    return decode(payload, JSON, Object.class);
  }

  /// Reads a payload as a value of some type.
  ///
  /// @throws CodecException if it cannot be read
  <T> T as(byte[] payload, Optional<String> contentType, Class<T> type) {
    String mediaType = contentType.map(Codecs::mediaType).orElse(JSON);
    @Nullable Object value = decode(payload, mediaType, type);
    if (value == null) {
      throw unreadable(payload, mediaType, type, "it is null", null);
    }
    Class<?> boxed = MethodType.methodType(type).wrap().returnType();
    if (!boxed.isInstance(value)) {
      String made = "the codec made a " + value.getClass().getName() + " of it";
      throw unreadable(payload, mediaType, type, made, null);
    }
    @SuppressWarnings("unchecked") // checked above
    T result = (T) value;
    return result;
  }

  /// Writes a value with the codec for JSON, else with the first; empty if there is no codec.
  ///
  /// @throws CodecException if it cannot be written
  Optional<Content> encode(Object value) {
    Optional<Codec> codec = supporting(JSON).or(() -> codecs.stream().findFirst());
    if (codec.isEmpty()) {
      return Optional.empty();
    }
    String contentType = codec.get().contentType();
    try {
      return Optional.of(new Content(Optional.of(contentType), codec.get().encode(value)));
    } catch (Exception e) {
      throw new CodecException(
          "a " + value.getClass().getName() + " cannot be written as " + contentType + ": " + e, e);
    }
  }

  /// No codec, for the message of a value that needs one.
  CodecException none(Object value) {
    return new CodecException(
        "a " + value.getClass().getName() + " needs a codec and " + jar + " brings none", null);
  }

  private @Nullable Object decode(byte[] payload, String mediaType, Class<?> type) {
    Codec codec =
        supporting(mediaType)
            .orElseThrow(() -> new CodecException(jar + " brings no codec for " + mediaType, null));
    try {
      return codec.decode(payload, type);
    } catch (Exception e) {
      throw unreadable(payload, mediaType, type, e.toString(), e);
    }
  }

  private Optional<Codec> supporting(String mediaType) {
    return codecs.stream().filter(codec -> codec.supports(mediaType)).findFirst();
  }

  private static CodecException unreadable(
      byte[] payload, String mediaType, Class<?> type, String why, @Nullable Exception cause) {
    return new CodecException(
        "the payload ("
            + mediaType
            + ", "
            + payload.length
            + " bytes) cannot be read as "
            + type.getName()
            + ": "
            + why,
        cause);
  }

  /// Without parameters, lower case.
  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}
