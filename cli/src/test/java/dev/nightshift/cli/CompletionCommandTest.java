package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The scripts, run by the shells where that is there.
@Timeout(60)
class CompletionCommandTest {
  @TempDir private Path folder;

  @Test
  void bash_completes_commands_and_options() throws Exception {
    assertEquals(List.of("workers"), completed("nightshift", "work").stream().skip(1).toList());
    assertEquals(
        List.of(
            "block",
            "breaker",
            "describe",
            "limit",
            "list",
            "pause",
            "resume",
            "unblock",
            "unpause"),
        completed("nightshift", "queue", "").stream()
            .filter(word -> !word.startsWith("-"))
            .toList());
    assertEquals(List.of("--watch"), completed("nightshift", "queue", "list", "--w"));
  }

  private List<String> completed(String... words) throws IOException, InterruptedException {
    Path script = folder.resolve("completion.bash");
    Said said = Said.by("completion", "bash");
    assertEquals(0, said.exitCode());
    Files.writeString(script, said.out());
    String asked =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='x'; _complete_nightshift 2>/dev/null; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script, quoted(words), words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", asked).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes(), UTF_8);
    bash.waitFor();
    return new TreeSet<>(answer.lines().map(String::strip).toList()).stream().toList();
  }

  private static String quoted(String... words) {
    return "'" + String.join("' '", words) + "'";
  }

  @Test
  void zsh_gets_the_script_that_tells_the_two_apart() {
    Said said = Said.by("completion", "zsh");
    assertEquals(Said.by("completion", "bash"), said);
    assertTrue(said.out().contains("ZSH_VERSION"), said.out());
  }

  @Test
  void fish_gets_one_line_for_each_command_and_option() {
    List<String> lines = Said.by("completion", "fish").out().lines().toList();
    assertEquals("complete -c nightshift -f", lines.get(0));
    assertEquals(
        1,
        lines.stream()
            .filter(line ->
                line.matches(
                    "complete -c nightshift -n '__fish_seen_subcommand_from queue; and not"
                        + " __fish_seen_subcommand_from [a-z ]+' -a list -d 'Shows the queues"
                        + " that have events, flags or a handler, and how many events wait.'"))
            .count(),
        () -> String.join("\n", lines));
    assertTrue(
        lines.contains(
            "complete -c nightshift -n '__fish_seen_subcommand_from queue; and"
                + " __fish_seen_subcommand_from list' -l no-headers -d 'A table without its first"
                + " line.'"),
        () -> String.join("\n", lines));
  }

  @Test
  void another_shell_is_refused() {
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: SHELL: 'tcsh' is no shell that there is a script for: bash, zsh or fish\n"
                + "How it is used: nightshift completion --help\n"),
        Said.by("completion", "tcsh"));
  }
}
