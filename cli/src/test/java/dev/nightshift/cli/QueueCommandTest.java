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
                "nightshift: Invalid value for option '--until': 2020-01-02T03:04:05Z is not in the"
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
  void a_noun_alone_says_which_verbs_there_are() {
    Said said = Said.by("queue");
    assertEquals(2, said.exitCode());
    assertEquals(
        "nightshift: Missing required subcommand\nHow it is used: nightshift queue --help\n",
        said.err());
  }
}
