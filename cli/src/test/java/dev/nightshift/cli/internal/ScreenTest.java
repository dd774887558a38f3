package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.StringReader;
import java.time.Duration;
import org.jline.utils.NonBlocking;
import org.jline.utils.NonBlockingReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScreenTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void a_key_is_waited_for_and_others_are_passed_over() throws IOException {
    try (NonBlockingReader keys = NonBlocking.nonBlocking("keys", new StringReader("aq"))) {
      assertTrue(Screen.pressed(keys, 'q', LONG));
    }
  }

  @Test
  void a_terminal_that_is_gone_is_not_waited_for() throws IOException {
    try (NonBlockingReader keys = NonBlocking.nonBlocking("keys", new StringReader("a"))) {
      assertTrue(Screen.pressed(keys, 'q', LONG));
    }
  }

  @Test
  void nothing_is_pressed_where_nobody_types() throws IOException {
    try (PipedWriter nobody = new PipedWriter();
        NonBlockingReader keys = NonBlocking.nonBlocking("keys", new PipedReader(nobody))) {
      assertFalse(Screen.pressed(keys, 'q', Duration.ofMillis(50)));
    }
  }
}
