package dev.nightshift.common.dead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetterIdTest {
  @Test
  void what_is_printed_is_read() {
    for (LetterId id :
        List.of(new LetterId(0, 0), new LetterId(2, 17), new LetterId(999_999_999, 1L << 58))) {
      assertEquals(Optional.of(id), LetterId.parse(id.toString()));
    }
  }

  @Test
  void everything_else_is_none() {
    for (String text :
        List.of("", "/", "1", "1/", "/1", "-1/2", "1/-2", "1/2/3", " 1/2", "shop/mail", "1/1e3")) {
      assertTrue(LetterId.parse(text).isEmpty(), text);
    }
  }
}
