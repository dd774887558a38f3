package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
  private final List<String> closed = new ArrayList<>();
  private final Opened opened = new Opened();

  @Test
  void the_last_that_was_opened_is_closed_first_and_each_once() {
    keep("one");
    keep("two");
    opened.close();
    opened.close();
    assertEquals(List.of("two", "one"), closed);
  }

  @Test
  void what_cannot_be_closed_keeps_nothing_else_open() {
    keep("one");
    opened.keep(() -> {
      throw new IOException("stuck");
    });
    keep("three");
    assertEquals(
        "not everything could be closed: java.io.IOException: stuck",
        assertThrows(IllegalStateException.class, opened::close).getMessage());
    assertEquals(List.of("three", "one"), closed);
  }

  @Test
  void after_a_failure_it_is_the_failure_that_counts() {
    keep("one");
    opened.keep(() -> {
      throw new IOException("stuck");
    });
    IllegalStateException failure = new IllegalStateException("it did not start");
    opened.closeAfter(failure);
    assertEquals(List.of("one"), closed);
    assertEquals("stuck", failure.getSuppressed()[0].getMessage());
  }

  private void keep(String name) {
    opened.keep(() -> closed.add(name));
  }
}
