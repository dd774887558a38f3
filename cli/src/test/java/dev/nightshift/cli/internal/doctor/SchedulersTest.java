package dev.nightshift.cli.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SchedulersTest {
  @Test
  void a_fleet_without_a_scheduler_is_told_what_does_not_happen() {
    assertEquals(
        "warning  schedulers: none; wanted: 1 or more. No scheduler is live: crons do not tick,"
            + " delayed events are not emitted, nothing is trimmed. Mend it: nightshift scheduler"
            + " --topic-prefix blue.",
        said(OptionalInt.of(0)));
    assertEquals("ok       schedulers: 1 scheduler", said(OptionalInt.of(1)));
    assertEquals("ok       schedulers: 2 schedulers", said(OptionalInt.of(2)));
  }

  @Test
  void who_may_not_ask_for_schedulers_is_not_told_that_there_are_none() {
    assertEquals(
        "ok       schedulers: unknown, this login has no right to Describe the group"
            + " blue.schedulers",
        said(OptionalInt.empty()));
  }

  private static String said(OptionalInt live) {
    return new Schedulers(live, "blue.schedulers", "--topic-prefix blue.").finding().text();
  }
}
