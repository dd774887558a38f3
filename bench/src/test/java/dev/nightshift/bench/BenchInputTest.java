package dev.nightshift.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchInputTest {
  private static void refused(String why, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new Bench()).setErr(new PrintWriter(said));
    assertEquals(2, line.execute(arguments));
    assertTrue(said.toString().startsWith(why), said::toString);
  }

  @Test
  void what_cannot_be_measured_is_refused_before_anything_is() {
    refused("--runs 0 is not allowed: at least 1", "noop", "--runs=0");
    refused("--events -5 is not allowed: at least 1", "noop", "--events=-5");
    refused("--canvases 0 is not allowed: at least 1", "canvases", "--canvases=0");
    refused("there is no run 'nosuch'; there are noop, ", "noop", "nosuch");
  }
}
