package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Emitting events for later, and seeing them wait.
@Timeout(120)
class DelayedEventsTest {
  private static LocalKafka kafka;
  private EventFleet fleet;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void begin() {
    fleet = new EventFleet(kafka).with("shop");
  }

  @AfterEach
  void end() {
    fleet.close();
  }

  @Test
  void one_is_shown_with_its_time_and_moved_by_its_id() {
    emit("shop/mail", "e1", "--at=2100-01-02T03:04:05Z", 2);
    emit("shop/mail", "e1", "--in=3h", 0);
    Said said = fleet.run("event", "get", "e1");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(
        said.out()
            .matches(
                "event     e1\n"
                    + "queue     shop/mail\n"
                    + "state     delayed until 2\\S+Z \\(in 2h\\) in "
                    + fleet.plan.delayed()
                    + "/\\d/0\n"
                    + "attempt   1\n"
                    + "emitted   2\\S+Z \\(\\d+s ago\\)\n"
                    + "origin    \\S+\n"
                    + "payload   7 bytes\n"
                    + "(?s).*header    ns-due: 2.*"),
        said.out());
    emit("shop/mail", "e1", "--in=50h", 0);
    String moved = fleet.run("event", "get", "e1").out();
    assertTrue(moved.contains(" (in 2d) in "), moved);
    String json = fleet.run("event", "get", "e1", "-o", "jsonl").out();
    assertTrue(json.contains("\"state\":\"delayed\""), json);
    assertTrue(json.contains("\"dueAt\":\"2"), json);
    Said replayed = fleet.run("event", "replay", "e1");
    assertEquals(4, replayed.exitCode());
    assertTrue(
        replayed
            .err()
            .startsWith(
                "nightshift: event 'e1' cannot be replayed: it has not ended: it is delayed until"),
        replayed.err());

    fleet.endDelayed(fleet.delayed(record -> true), "fired");
    assertEquals(3, fleet.run("event", "get", "e1").exitCode(), "its event is not written here");
  }

  @Test
  void lines_are_all_due_later() {
    Said said =
        fleet.run(
            new ByteArrayInputStream("1\n2\n3\n".getBytes(StandardCharsets.UTF_8)),
            "event",
            "emit",
            "shop/mail",
            "--in=1h",
            "-o=jsonl",
            "-q");
    assertEquals(0, said.exitCode(), said.err());
    assertEquals(
        3,
        said.out()
            .lines()
            .filter(line -> line.contains("\"topic\":\"" + fleet.plan.delayed() + "\""))
            .count(),
        said.out());
  }

  @Test
  void one_whose_time_has_passed_is_emitted_at_once() {
    Said said =
        fleet.run("event", "emit", "shop/mail", "{}", "--id=e1", "--at=2020-01-02T03:04:05+01:00");
    assertEquals(
        new Said(0, "e1\n", "nightshift: its time had come, and it was emitted at once\n"), said);
    assertTrue(fleet.run("event", "get", "e1").out().contains("state     waiting in "));
  }

  @Test
  void they_are_counted_as_the_last_record_of_each_says() {
    emit("shop/mail", "e1", "--in=1h", 0);
    emit("shop/mail", "e2", "--in=1h", 0);
    emit("shop/mail", "e3", "--in=1h", 0);
    emit("shop/bill", "e3", "--in=1h", 0); // moved to another queue
    emit("shop/mail", "e4", "--in=1h", 0);
    emit("shop/mail", "e5", "--in=1h", 0);
    emit("shop/mail", "now", "--in=0s", 0);
    fleet.endDelayed(fleet.delayed(record -> new String(record.key()).endsWith("e4")), "fired");
    fleet.run("event", "cancel", "e5", "--timeout=0s");
    String queues = fleet.run("queue", "list", "-o", "jsonl", "--exact").out();
    assertTrue(
        queues.matches(
            "\\{\"schemaVersion\":1,\"canvas\":\"shop\",\"queue\":\"bill\",\"state\":\"active\","
                + "\"exact\":true,\"depth\":1,\"waiting\":0,\"inLane\":0,\"retrying\":0,\"running\":0,"
                + "\"delayed\":1,\"dropped\":.*\n"
                + "\\{\"schemaVersion\":1,\"canvas\":\"shop\",\"queue\":\"mail\",\"state\":\"active\","
                + "\"exact\":true,\"depth\":3,\"waiting\":1,\"inLane\":0,\"retrying\":0,\"running\":0,"
                + "\"delayed\":2,\"oldestEmittedAt\":.*\n"),
        queues);
    String table = fleet.run("queue", "list", "shop/mail").out();
    assertTrue(
        table.matches(
            "QUEUE +STATE +DEPTH +WAITING +IN LANE +RETRYING +RUNNING +DELAYED +OLDEST +DROPPED\n"
                + "shop/mail +active +3 +1 +0 +0 +0 +2 +\\S+ +0\n"),
        table);
    String text = fleet.run("queue", "describe", "shop/mail").out();
    assertTrue(text.contains("\n  running   0\n  delayed   2\n"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--in=367d|--in: duration '367d' is not allowed: at most 366d",
        "--in=soon|--in: duration 'soon' is not allowed: a whole number with ms, s, m, h or d, such"
            + " as 30s, or ISO 8601, such as PT30S; at most 366d",
        "--at=noon|--at: 'noon' is no time: write 2026-01-02T03:04:05Z or"
            + " 2026-01-02T03:04:05\\+01:00, or how long from now with --in 10m",
        "--at=3000-01-02T03:04:05Z|--at: an event due at 3000-01-02T03:04:05Z is not allowed: at most"
            + " 366 days ahead, until 2\\S+Z"
      })
  void a_wrong_time_is_refused_with_what_is_allowed(String option, String message) {
    Said said = Said.by("event", "emit", "shop/mail", "{}", option);
    assertEquals(2, said.exitCode());
    assertTrue(
        said.err()
            .matches("nightshift: " + message + "\nHow it is used: nightshift event emit --help\n"),
        said.err());
  }

  @Test
  void two_times_are_one_too_many() {
    Said said =
        fleet.run("event", "emit", "shop/mail", "{}", "--in=10m", "--at=2020-01-02T03:04:05Z");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: --in 10m and --at 2020-01-02T03:04:05Z both say when: leave one out. Nothing"
                + " was emitted\n"),
        said);
  }

  private void emit(String queue, String id, String when, int exitCode) {
    Said said = fleet.run("event", "emit", queue, "{\"a\":1}", "--id=" + id, when, "-q");
    assertEquals(exitCode, said.exitCode(), said.err());
  }
}
