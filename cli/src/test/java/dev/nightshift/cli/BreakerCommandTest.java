package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Killer;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class BreakerCommandTest {
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    try (Fleet fleet = fleet()) {
      fleet.init(OptionalInt.of(1));
      fleet.createCanvas("shop", 1, OptionalInt.of(1), new Cause("test", ""));
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static Fleet fleet() {
    return Fleet.of(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        TopicPlan.standard(),
        Duration.ofSeconds(20));
  }

  @Test
  void what_is_named_changes_and_the_rest_stays() {
    assertEquals(
        new Said(0, "shop/mail has a breaker that is on, 3 events in 10m, first block 1m\n", ""),
        run("queue", "breaker", "shop/mail"));
    assertFalse(run("queue", "describe", "shop/mail").out().contains("breaker"));
    assertEquals(
        new Said(
            0,
            "shop/mail now has a breaker that is on, 5 events in 10m, first block 30s (before: on, 3"
                + " events in 10m, first block 1m)\n",
            ""),
        run("queue", "breaker", "shop/mail", "--events=5", "--block=30s"));
    assertEquals(
        new Said(
            0,
            "shop/mail now has a breaker that is off (before: on, 5 events in 10m, first block"
                + " 30s)\n",
            ""),
        run("queue", "breaker", "shop/mail", "off", "--actor=ann", "--reason=enough"));
    assertEquals(
        new Said(0, "shop/mail already had a breaker that is off\n", ""),
        run("queue", "breaker", "shop/mail", "off"));
    assertEquals(
        new Said(
            0,
            "{\"schemaVersion\":1,\"canvas\":\"shop\",\"queue\":\"mail\",\"changed\":false,"
                + "\"breaker\":{\"on\":false,\"events\":5,\"withinMillis\":600000,"
                + "\"blockMillis\":30000}}\n",
            ""),
        run("queue", "breaker", "shop/mail", "-o", "jsonl"));
    Said described = run("queue", "describe", "shop/mail");
    assertTrue(described.out().contains("breaker     off\n"), described.out());
    Said listed = run("queue", "list", "-o", "jsonl");
    assertTrue(
        listed
            .out()
            .contains(
                "\"breaker\":{\"on\":false,\"events\":5,\"withinMillis\":600000,\"blockMillis\":30000}"),
        listed.out());
    Said audit = run("audit", "-o", "jsonl");
    assertTrue(audit.out().contains("\"actor\":\"ann\",\"action\":\"queue breaker\""), audit.out());
  }

  @Test
  void what_it_counts_is_set_of_one_that_is_on() {
    assertEquals(
        new Said(
            2,
            "",
            """
            nightshift: off does not go with --events 4 --block 30s: --events, --within and --block\
             set a breaker that is on. Leave them out, or say on
            How it is used: nightshift queue breaker --help
            """),
        run("queue", "breaker", "shop/post", "off", "--events=4", "--block=30s"));
    assertEquals(0, run("queue", "breaker", "shop/post", "off").exitCode());
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: the breaker of shop/post is off, and --within 5m would change nothing."
                + " Switch it on with: nightshift queue breaker shop/post on --within 5m. Nothing"
                + " was changed\n"),
        run("queue", "breaker", "shop/post", "--within=5m"));
    assertEquals(
        new Said(
            0,
            "shop/post now has a breaker that is on, 3 events in 5m, first block 1m (before: off)\n",
            ""),
        run("queue", "breaker", "shop/post", "on", "--within=5m"));
  }

  @Test
  void its_block_is_shown_and_lifted_as_any_other() {
    try (Fleet fleet = fleet()) {
      for (int i = 1; i <= 3; i++) {
        fleet.breakers().killed(new Killer("shop", 1, "bill", "e" + i, 4, "w1", Instant.now()));
      }
    }
    String why =
        ": 3 different events killed the process within 10m: e1, e2, e3; then one is tried";
    Said described = run("queue", "describe", "shop/bill");
    assertTrue(described.out().contains("state       blocked\n"), described.out());
    assertTrue(described.out().contains("shop/bill is blocked by nightshift since "));
    assertTrue(described.out().contains(why), described.out());
    Said audit = run("audit", "-o", "jsonl");
    assertTrue(
        audit.out().contains("\"actor\":\"nightshift\",\"action\":\"queue block\""), audit.out());
    assertEquals(
        new Said(0, "shop/bill is not blocked any more\n", ""),
        run("queue", "unblock", "shop/bill"));
    described = run("queue", "describe", "shop/bill");
    assertTrue(described.out().contains("state       active\n"), described.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          shop/mail  ; maybe          ; on|off: 'maybe' is not allowed: on or off
          shop/mail  ; --events=0     ; --events 0 is not allowed: from 1 to 100
          shop/mail  ; --within=25h   ; --within: duration '25h' is not allowed: from 1s to 24h
          shop/mail  ; --block=500ms  ; --block: duration '500ms' is not allowed: from 1s to 1h
          """)
  void what_is_not_allowed_is_said(String queue, String argument, String says) {
    assertEquals(
        new Said(
            2, "", "nightshift: " + says + "\nHow it is used: nightshift queue breaker --help\n"),
        run("queue", "breaker", queue, argument));
  }

  @Test
  void a_canvas_that_is_not_there_is_not_found() {
    Said said = run("queue", "breaker", "shpo/mail", "off");
    assertEquals(3, said.exitCode());
    assertTrue(said.err().contains("there is no canvas 'shpo'"), said.err());
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
