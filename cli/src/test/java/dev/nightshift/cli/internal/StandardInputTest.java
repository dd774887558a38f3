package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandardInputTest {
  @Test
  void an_interrupt_is_no_end_of_the_input_and_half_a_line_no_line() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        PayloadLines lines =
            new PayloadLines(new StandardInput(new PipedInputStream(out), () -> false), 100)) {
      out.write("1\n2".getBytes(UTF_8));
      out.flush();
      assertArrayEquals("1".getBytes(UTF_8), lines.next().orElseThrow().bytes());
      Thread.currentThread().interrupt();
      assertEquals(
          "the thread that reads it was interrupted",
          assertThrows(InterruptedIOException.class, lines::next).getMessage());
      assertTrue(Thread.interrupted());
    }
  }
}
