package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class LimitCommandTest {
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    assertEquals(0, run("init").exitCode());
    assertEquals(0, run("canvas", "create", "shop").exitCode());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void what_is_named_changes_and_the_rest_stays() {
    assertEquals(
        new Said(0, "shop/mail is limited to: concurrency 5\n", ""),
        run("queue", "limit", "shop/mail", "--concurrency=5"));
    assertEquals(
        new Said(
            0,
            "shop/mail is limited to: concurrency 5, 10/s, timeout 30s (before: concurrency 5)\n",
            ""),
        run("queue", "limit", "shop/mail", "--rate=600/m", "--timeout=30s"));
    assertEquals(
        new Said(
            0,
            "shop/mail was limited already to: concurrency 5, 10/s, timeout 30s (before: concurrency"
                + " 5, 10/s, timeout 30s)\n",
            ""),
        run("queue", "limit", "shop/mail", "--rate", "10/s"));
    Said described = run("queue", "describe", "shop/mail");
    assertTrue(described.out().contains("state       limited\n"), described.out());
    assertTrue(
        described.out().contains("limit       concurrency 5, 10/s, timeout 30s\n"),
        described.out());
    Said listed = run("queue", "list", "-o", "jsonl");
    assertTrue(
        listed
            .out()
            .contains("\"limit\":{\"concurrency\":5,\"perSecond\":10.0,\"timeoutMillis\":30000}"),
        listed.out());
    assertEquals(
        new Said(
            0,
            "shop/mail is limited to: 10/s, timeout 30s (before: concurrency 5, 10/s, timeout"
                + " 30s)\n",
            ""),
        run("queue", "limit", "shop/mail", "--concurrency=none"));
    assertEquals(
        new Said(0, "shop/mail is limited to: none (before: 10/s, timeout 30s)\n", ""),
        run("queue", "limit", "shop/mail", "--none", "--reason=enough", "--actor=ann"));
    assertEquals(
        new Said(
            0,
            "{\"schemaVersion\":1,\"canvas\":\"shop\",\"queue\":\"mail\",\"changed\":true,"
                + "\"limit\":{\"timeoutMillis\":30000}}\n",
            ""),
        run("queue", "limit", "shop/mail", "--timeout=30s", "-o", "jsonl"));
    assertEquals("shop/mail\n", run("queue", "limit", "shop/mail", "--none", "-o", "name").out());
    Said audit = run("audit", "-o", "jsonl");
    assertTrue(audit.out().contains("\"actor\":\"ann\",\"action\":\"queue limit\""), audit.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shop/mail  |                 | which limit? Say --concurrency, --rate or --timeout, or --none to lift all
          shop/mail  | --concurrency=0 | --concurrency: '0' is not allowed: a whole number from 1, or none; to stop a queue pause it
          shop/mail  | --rate=10       | --rate: '10' is not allowed: a number with /s, /m or /h, such as 10/s, 600/m or 0.5/s, or none; to stop a queue pause it
          shop/mail  | --rate=0/s      | --rate: '0/s' is not allowed: a number with /s, /m or /h, such as 10/s, 600/m or 0.5/s, or none; to stop a queue pause it
          shop/mail  | --timeout=0s    | --timeout: '0s' is not allowed: more than 0, or none
          """)
  void what_is_not_allowed_is_said(String queue, String option, String says) {
    Said said =
        option == null ? run("queue", "limit", queue) : run("queue", "limit", queue, option);
    assertEquals(
        new Said(
            2, "", "nightshift: " + says + "\nHow it is used: nightshift queue limit --help\n"),
        said);
  }

  @Test
  void a_canvas_that_is_not_there_is_not_found() {
    Said said = run("queue", "limit", "shpo/mail", "--rate=1/s");
    assertEquals(3, said.exitCode());
    assertTrue(said.err().contains("there is no canvas 'shpo'"), said.err());
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
