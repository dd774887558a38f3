package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void is_written_as_it_is_read() {
    for (String text : List.of("*", "shop/*", "shop/mail", "shop/Mail_2-x")) {
      assertEquals(text, Scope.parse(text).toString());
    }
    assertEquals(Scope.all(), Scope.parse("*"));
    assertEquals(Scope.canvas("shop"), Scope.parse("shop/*"));
    assertEquals(Scope.queue("shop", "mail"), Scope.parse("shop/mail"));
  }

  @Test
  void covers_what_it_names() {
    assertTrue(Scope.all().covers("shop", "mail"));
    assertTrue(Scope.canvas("shop").covers("shop", "mail"));
    assertFalse(Scope.canvas("shop").covers("bank", "mail"));
    assertTrue(Scope.queue("shop", "mail").covers("shop", "mail"));
    assertFalse(Scope.queue("shop", "mail").covers("shop", "bill"));
    assertFalse(Scope.queue("shop", "mail").covers("bank", "mail"));
  }

  @Test
  void says_what_is_allowed() {
    assertEquals(
        "'shop' names no queue: write CANVAS/QUEUE, CANVAS/* for all queues of a canvas, or * for"
            + " all",
        refused("shop"));
    assertEquals(
        "canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
        refused("Shop/mail"));
    assertEquals(
        "queue name 'a/b' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'",
        refused("shop/a/b"));
    assertEquals(
        "queue name '' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'", refused("shop/"));
    assertEquals(
        "canvas name '*' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
        refused("*/mail"));
  }

  private static String refused(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Scope.parse(text)).getMessage());
  }
}
