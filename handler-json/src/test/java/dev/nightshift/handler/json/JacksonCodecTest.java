package dev.nightshift.handler.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.nightshift.handler.Codec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecTest {
  private final JacksonCodec codec = new JacksonCodec();

  @Test
  void aHandlerJarBringsItAsAService() {
    Codec found = ServiceLoader.load(Codec.class).findFirst().orElseThrow();
    assertInstanceOf(JacksonCodec.class, found);
    assertEquals("application/json", found.contentType());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/cloudevents+json",
        "application/vnd.acme.order+json;v=2"
      })
  void itReadsEveryKindOfJson(String contentType) {
    assertTrue(codec.supports(contentType));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "avro/binary", "application/jsonl", "text/x;a=+json"})
  void itLeavesTheRestToOthers(String contentType) {
    assertFalse(codec.supports(contentType));
  }

  @Test
  void aRecordSurvivesTheWayThereAndBack() throws Exception {
    Order order =
        new Order(
            "ü-1",
            Instant.parse("2026-01-02T03:04:05.678Z"),
            Duration.ofSeconds(90),
            List.of(1, 2));
    byte[] payload = codec.encode(order);
    assertEquals(
        """
        {"id":"ü-1","at":"2026-01-02T03:04:05.678Z","takes":"PT1M30S","lines":[1,2]}\
        """,
        new String(payload, UTF_8));
    assertEquals(order, codec.decode(payload, Order.class));
  }

  @Test
  void anUnknownPropertyIsSkippedAndAMissingOneIsNull() throws Exception {
    assertEquals(
        new Order("a", null, null, List.of()),
        decode("{\"id\":\"a\",\"lines\":[],\"colour\":\"red\"}", Order.class));
  }

  @Test
  void withoutATypeItGivesPlainValues() throws Exception {
    Object value = decode("{\"a\":[1,2.5,true,null,\"x\"]}", Object.class);
    assertEquals(Map.of("a", Arrays.asList(1, 2.5, true, null, "x")), value);
    assertNull(decode("null", Object.class));
  }

  @Test
  void aGenericTypeIsReadAsSuch() throws Exception {
    assertEquals(List.of(3L), decode("[3]", new ListOf(Long.class)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "[1,]", "\"2\""})
  void whatIsNoOrderIsRefused(String payload) {
    assertThrows(JsonProcessingException.class, () -> decode(payload, Order.class));
  }

  private @Nullable Object decode(String payload, Type type) throws Exception {
    return codec.decode(payload.getBytes(UTF_8), type);
  }

  record Order(String id, @Nullable Instant at, @Nullable Duration takes, List<Integer> lines) {}

  private record ListOf(Type element) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return new Type[] {element};
    }

    @Override
    public Type getRawType() {
      return List.class;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }
  }
}
