package dev.nightshift.handler.json;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nightshift.handler.Codec;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads and writes `application/json` and every `…+json`, always as UTF-8. Safe for use by many
/// threads.
///
/// Properties that a type does not know are skipped, so an emitter may add some before its handlers
/// know them. Times of `java.time` are ISO 8601 text. Jackson modules of the handler JAR are used
/// if they are registered in `META-INF/services`.
public final class JacksonCodec implements Codec {
  private static final String JSON = "application/json";

  private final ObjectMapper mapper =
      JsonMapper.builder()
          .addModules(ObjectMapper.findModules(JacksonCodec.class.getClassLoader()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  @Override
  public boolean supports(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    String bare = type.strip().toLowerCase(Locale.ROOT);
    return bare.equals(JSON) || bare.endsWith("+json");
  }

  @Override
  public String contentType() {
    return JSON;
  }

  @Override
  public @Nullable Object decode(byte[] payload, Type type) throws IOException {
    return mapper.readValue(payload, mapper.constructType(type));
  }

  @Override
  public byte[] encode(Object value) throws IOException {
    return mapper.writeValueAsBytes(value);
  }
}
