package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void an_argument_that_the_locale_has_damaged_is_refused() {
    assertEquals(
        Optional.of(
            "'{\"city\":\"Z\uFFFD\uFFFDrich\"}' has characters that cannot be read in this locale,"
                + " whose encoding is ANSI_X3.4-1968. Set LC_ALL to a locale of UTF-8, such"
                + " as C.UTF-8 (locale -a lists them)"),
        Main.damaged("ANSI_X3.4-1968", "event", "{\"city\":\"Z\uFFFD\uFFFDrich\"}"));
    assertEquals(Optional.empty(), Main.damaged("ANSI_X3.4-1968", "event", "emit"));
    assertEquals(Optional.empty(), Main.damaged("UTF-8", "\uFFFD"), "somebody may mean it");
  }
}
