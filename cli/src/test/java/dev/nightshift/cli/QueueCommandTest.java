package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"pause", "block"})
  void an_end_in_the_past_is_refused_before_anything_is_asked(String verb) {
    Said said =
        Said.by(
            "queue",
            verb,
            "shop/mail",
            "--reason=r",
            "--until=2020-01-02T03:04:05Z",
            "--bootstrap-server=localhost:1");
    assertEquals(2, said.exitCode());
    assertTrue(
        said.err()
            .matches(
                "nightshift: --until: 2020-01-02T03:04:05Z is not in the"
                    + " future, it is now 20\\S+Z: write a later time, or how long from now, such"
                    + " as 30m or 2h\n"
                    + "How it is used: nightshift queue "
                    + verb
                    + " --help\n"),
        said.err());
  }

  @Test
  void no_time_at_all_is_in_the_past_too() {
    Said said = Said.by("queue", "pause", "shop/mail", "--until=0s");
    assertEquals(2, said.exitCode());
    assertTrue(said.err().contains("is not in the future, it is now 20"), said.err());
  }

  @Test
  void a_noun_alone_or_a_mistyped_verb_is_answered_with_those_that_there_are() {
    Said alone = Said.by("queue");
    assertEquals(2, alone.exitCode());
    assertTrue(
        alone
            .err()
            .matches(
                "nightshift: which command\\? There are: block, .*pause, .*unpause\n"
                    + "How it is used: nightshift queue --help\n"),
        alone.err());
    Said mistyped = Said.by("queue", "puase", "shop/mail");
    assertEquals(2, mistyped.exitCode());
    assertTrue(
        mistyped
            .err()
            .matches(
                "nightshift: there is no command 'puase'; there are: block, .*pause, .*unpause\n"
                    + "Did you mean: queue pause.*\\?\n"
                    + "How it is used: nightshift queue --help\n"),
        mistyped.err());
  }
}
