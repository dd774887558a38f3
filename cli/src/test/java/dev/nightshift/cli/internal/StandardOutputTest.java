package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
  @Test
  void what_can_be_written_is() {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    StandardOutput output = new StandardOutput(to);
    new PrintStream(output, true, UTF_8).print("an äpple");
    assertEquals("an äpple", to.toString(UTF_8));
    assertEquals(Optional.empty(), output.lost());
  }

  @Test
  void a_full_disk_is_a_failure_and_the_first_one_counts() {
    assertEquals(
        Optional.of("No space left on device"), lost("No space left on device", "Broken pipe"));
  }

  @Test
  void a_reader_that_has_seen_enough_is_none() {
    assertEquals(Optional.empty(), lost("Broken pipe", "Broken pipe"));
  }

  private static Optional<String> lost(String first, String second) {
    StandardOutput output =
        new StandardOutput(
            new OutputStream() {
              private int written;

              @Override
              public void write(int b) throws IOException {
                throw new IOException(written++ == 0 ? first : second);
              }
            });
    PrintStream out = new PrintStream(output, true, UTF_8);
    out.println("one");
    out.println("two");
    return output.lost();
  }
}
