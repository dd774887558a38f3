package dev.nightshift.examples.quakes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.handler.CodecException;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.json.JacksonCodec;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An event with a JSON payload, as a worker would hand it to the handler.
record QuakeEvent(String queue, String text) implements Event {
  private static final JacksonCodec CODEC = new JacksonCodec();

  @Override
  public String id() {
    return "event-1";
  }

  @Override
  public String canvas() {
    return "quakes";
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Instant emittedAt() {
    return Instant.EPOCH;
  }

  @Override
  public Optional<String> contentType() {
    return Optional.of("application/json");
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public byte[] bytes() {
    return text.getBytes(UTF_8);
  }

  @Override
  public @Nullable Object json() {
    return decode(Object.class);
  }

  @Override
  public <T> T as(Class<T> type) {
    return Objects.requireNonNull(type.cast(decode(type)));
  }

  private @Nullable Object decode(Type type) {
    try {
      return CODEC.decode(bytes(), type);
    } catch (Exception e) {
      throw new CodecException("payload does not fit " + type.getTypeName(), e);
    }
  }
}
