package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSyntaxTest {
  @Test
  void one_value_of_any_kind_is_right() {
    for (String json : List.of("1", "-0.5e3", "\"ä\"", "true", "null", " {} ", "[1,{\"a\":[]}]")) {
      assertEquals("right", said(json, UTF_8), json);
    }
  }

  @Test
  void what_is_wrong_is_told_by_its_place_in_characters() {
    assertEquals("it is empty", said("", UTF_8));
    assertEquals("line 1, column 7", said("{\"ää\":x}", UTF_8));
    assertEquals("line 3, column 3", said("{\n\"ää\":1,\n  x}", UTF_8));
    assertEquals("something follows the first value", said("1 2", UTF_8));
    for (String json : List.of("\"a", "{\"a\":1", "[1,]", "NaN", "'a'", "01", "1 // a")) {
      assertEquals(true, JsonSyntax.mistake(json.getBytes(UTF_8)).isPresent(), json);
    }
    byte[] latin = {'"', (byte) 0xE4, '"'};
    assertEquals(true, JsonSyntax.mistake(latin).isPresent());
  }

  @Test
  void other_encodings_are_wrong_from_their_first_zero_byte_on() {
    assertEquals("line 1, column 2", said("{}", UTF_16LE));
    assertEquals("line 1, column 1", said("{}", UTF_16BE));
  }

  private static String said(String json, Charset charset) {
    return JsonSyntax.mistake(json.getBytes(charset)).map(JsonSyntax.Mistake::text).orElse("right");
  }
}
