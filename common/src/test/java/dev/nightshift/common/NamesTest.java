package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void a_canvas_has_a_name_that_fits_into_a_topic_s() {
    for (String allowed : List.of("a", "0", "shop", "shop-2", "a-", "a".repeat(63))) {
      assertEquals(Optional.empty(), Names.problemWithCanvas(allowed), allowed);
    }
    for (String refused :
        List.of("", "-a", "Shop", "a_b", "a.b", "a/b", "a b", "ä", "a\n", "a".repeat(64))) {
      assertEquals(
          Optional.of(
              "canvas name "
                  + Names.quoted(refused)
                  + " is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'"),
          Names.problemWithCanvas(refused));
    }
  }

  @Test
  void a_shared_topic_s_name_cannot_be_taken_for_a_generation() {
    for (String allowed : List.of("a", "small", "small-2", "z".repeat(63))) {
      assertEquals(Optional.empty(), Names.problemWithSharedTopic(allowed), allowed);
    }
    for (String refused : List.of("", "2", "2a", "-a", "Small", "a.b", "a".repeat(64))) {
      assertEquals(
          Optional.of(
              "shared topic name "
                  + Names.quoted(refused)
                  + " is not allowed: 1 to 63 of a-z, 0-9 and '-', starting with a letter"),
          Names.problemWithSharedTopic(refused));
    }
  }

  @Test
  void a_queue_has_a_name_that_fits_into_a_topic_s() {
    for (String allowed : List.of("a", "-", "_", "Mail_2-x", "Q".repeat(100))) {
      assertEquals(Optional.empty(), Names.problemWithQueue(allowed), allowed);
    }
    for (String refused : List.of("", "a.b", "a/b", "*", "a b", "é", "a\n", "Q".repeat(101))) {
      assertEquals(
          Optional.of(
              "queue name "
                  + Names.quoted(refused)
                  + " is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'"),
          Names.problemWithQueue(refused));
    }
  }

  @Test
  void an_event_id_is_one_printable_word() {
    for (String allowed : List.of("1", "!", "~", "order/17:a@b", "x".repeat(200))) {
      assertEquals(Optional.empty(), Names.problemWithEventId(allowed), allowed);
    }
    for (String refused : List.of("", " ", "a b", "a\u007f", "a\t", "ü", "x".repeat(201))) {
      assertEquals(
          Optional.of(
              "event id "
                  + Names.quoted(refused)
                  + " is not allowed: 1 to 200 printable ASCII characters without spaces"),
          Names.problemWithEventId(refused));
    }
  }

  @Test
  void a_quoted_value_does_no_harm_to_a_message() {
    assertEquals("''", Names.quoted(""));
    assertEquals("'a b'", Names.quoted("a b"));
    assertEquals("'a?b?c?[31md'", Names.quoted("a\nb\0c\u001b[31md"));
    assertEquals("'" + "x".repeat(80) + "'", Names.quoted("x".repeat(80)));
    assertEquals("'" + "x".repeat(80) + "…'", Names.quoted("x".repeat(81)));
  }
}
