package dev.nightshift.scheduler.internal.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleCommandTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void the_number_stands_in_its_arguments_and_no_shell_reads_them(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("a b; $(id)");
    assertEquals(
        "",
        ScaleCommand.execute(
            List.of("sh", "-c", "printf '%s' \"$2\" > \"$1\"", "x", file.toString(), "n={n}"),
            7,
            MINUTE));
    assertEquals("n=7", Files.readString(file));
  }

  @Test
  void a_failure_is_told_with_the_exit_code_and_the_end_of_what_was_said() throws Exception {
    assertEquals(
        "sh ended with exit code 3: no such service",
        ScaleCommand.execute(
            List.of("sh", "-c", "echo no such >&2; echo service >&2; echo out; exit 3", "{n}"),
            7,
            MINUTE));
    String said =
        ScaleCommand.execute(
            List.of(
                "sh", "-c", "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo $i >&2; done; exit 1"),
            7,
            MINUTE);
    assertTrue(said.length() < 600 && said.endsWith(" 4999 5000"), said);
  }

  @Test
  void a_command_that_is_not_there_or_does_not_end_is_told() throws Exception {
    // The rest is Java's, in the words of the system.
    String missing = ScaleCommand.execute(List.of("/no/such/program", "{n}"), 7, MINUTE);
    assertTrue(missing.startsWith("/no/such/program cannot be run: Cannot run "), missing);
    assertEquals(
        "sh did not end within 200ms: begun",
        ScaleCommand.execute(
            List.of("sh", "-c", "echo begun >&2; sleep 100"), 7, Duration.ofMillis(200)));
  }

  @Test
  void what_a_shell_says_of_its_children_that_are_killed_is_not_told() throws Exception {
    // The foreground's child is killed long before the last of those that came later.
    String many =
        "(sleep 0.3; for i in $(seq 300); do sleep 100 & done; wait) & sleep 100; echo over >&2";
    assertEquals(
        "sh did not end within 2s: begun",
        ScaleCommand.execute(
            List.of("sh", "-c", "echo begun >&2; " + many), 7, Duration.ofSeconds(2)));
  }
}
