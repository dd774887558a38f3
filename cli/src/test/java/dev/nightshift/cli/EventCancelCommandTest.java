package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.scheduler.Scheduler;
import dev.nightshift.scheduler.SchedulerSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Cancelling an event that is due later, with each answer that a scheduler may give.
@Timeout(120)
class EventCancelCommandTest {
  private static final String DUE = "2\\d\\d\\d-\\S+Z";
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
    Said emitted = fleet.run("event", "emit", "shop/mail", "{\"a\":1}", "--id=e1", "--in=1h", "-q");
    assertEquals(new Said(0, "e1\n", ""), emitted);
  }

  @AfterEach
  void end() {
    fleet.close();
  }

  @Test
  void the_scheduler_is_asked_with_the_events_headers_and_says_it_is_cancelled() {
    CompletableFuture<ConsumerRecord<byte[], byte[]>> asked =
        fleet.answerCancel("ada", "cancelled");
    Said said = cancel("e1", "--reason=withdrawn");
    assertSaid(0, "event e1 of shop/mail, due at " + DUE + ", is cancelled\n", "", said);
    ConsumerRecord<byte[], byte[]> request = asked.join();
    assertEquals("shop/e1", new String(request.key(), UTF_8));
    assertArrayEquals(new byte[0], request.value(), "without a value Kafka would forget it");
    assertEquals("ada", header(request, "ns-cancel"));
    assertEquals("e1", header(request, "ce_id"));
    assertEquals("mail", header(request, "ce_type"));
    assertEquals("shop", header(request, "ns-canvas"));
    assertTrue(header(request, "ns-due").matches(DUE));
    assertEquals(fleet.plan.events("shop", 1), header(request, "ns-events-topic"));
    String audit = fleet.run("audit", "-o", "jsonl").out();
    assertTrue(
        audit
            .lines()
            .anyMatch(line ->
                line.matches(
                    ".*\"actor\":\"ada\",\"action\":\"event cancel\",\"target\":\"shop/mail\","
                        + "\"before\":\"event e1, due at "
                        + DUE
                        + "\",\"after\":\"asked to be cancelled\",\"reason\":\"withdrawn\".*")),
        audit);
    assertSaid(
        3,
        "",
        "nightshift: there is no delayed event 'e1' in "
            + fleet.plan.delayed()
            + ", which was read from its beginning. Check the id. Nothing was cancelled\n",
        cancel("e1"));
  }

  @Test
  void a_scheduler_that_runs_cancels_it_or_has_emitted_it() {
    SchedulerSettings settings =
        new SchedulerSettings(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), fleet.plan, "s1");
    try (Scheduler scheduler = Scheduler.start(settings, event -> {})) {
      assertSaid(0, "event e1 of shop/mail, due at " + DUE + ", is cancelled\n", "", cancel("e1"));
      String cancelled = fleet.run("event", "get", "e1").out();
      assertTrue(cancelled.contains("\nstate     cancelled\n"), cancelled);
      assertEquals(new Said(0, "event e1 of shop/mail was cancelled before\n", ""), cancel("e1"));

      fleet.run("event", "emit", "shop/mail", "{}", "--id=e2", "--in=1s", "-q");
      String get = fleet.run("event", "get", "e2").out();
      while (get.contains("\nstate     delayed until ")) {
        get = fleet.run("event", "get", "e2").out();
      }
      assertTrue(get.contains("\nstate     waiting in "), get);
      assertTrue(get.contains("\nheader    ns-due: 2"), get);
      Said late = cancel("e2");
      assertEquals(4, late.exitCode(), late.err());
      assertTrue(
          late.err()
              .startsWith(
                  "nightshift: it is too late to cancel event 'e2' of shop/mail: it is not delayed,"
                      + " but waiting in "),
          late.err());
    }
  }

  @Test
  void programs_are_told_in_json() {
    fleet.answerCancel("ada", "cancelled");
    assertSaid(
        0,
        "\\{\"schemaVersion\":1,\"event\":\"e1\",\"queue\":\"shop/mail\","
            + "\"cancelled\":true,\"changed\":true,\"dueAt\":\""
            + DUE
            + "\"\\}\n",
        "",
        cancel("e1", "-o", "jsonl"));
  }

  @Test
  void one_that_is_emitted_meanwhile_is_too_late() {
    fleet.answerCancel("ada", "fired");
    assertSaid(
        4,
        "",
        "nightshift: it is too late to cancel event 'e1' of shop/mail: it was emitted at "
            + DUE
            + ". See what became of it with: nightshift event get e1\n",
        cancel("e1"));
  }

  @Test
  void one_that_has_ended_meanwhile_is_too_late() {
    fleet.answerCancel("ada", "canvas_deleted");
    assertSaid(
        4,
        "",
        "nightshift: it is too late to cancel event 'e1' of shop/mail: it had ended before"
            + " \\(canvas_deleted\\). See what became of it with: nightshift event get e1\n",
        cancel("e1"));
  }

  @Test
  void one_that_waits_already_is_too_late() {
    fleet.run("event", "emit", "shop/mail", "{}", "--id=e2");
    assertSaid(
        4,
        "",
        "nightshift: it is too late to cancel event 'e2' of shop/mail: it is not delayed, but"
            + " waiting in "
            + fleet.plan.events("shop", 1)
            + "/0/0. Nothing was cancelled\n",
        cancel("e2"));
  }

  @Test
  void without_a_scheduler_the_request_stays_and_may_be_made_again() {
    assertSaid(
        5,
        "",
        "nightshift: no scheduler has answered within 500ms whether event 'e1' of shop/mail, due at "
            + DUE
            + ", is cancelled. The request stays, and counts unless the event was emitted before."
            + " See that a scheduler runs \\(nightshift scheduler\\), and where the event is with:"
            + " nightshift event get e1\n",
        cancel("e1", "--timeout=500ms", "--actor=grace"));
    String text = fleet.run("event", "get", "e1").out();
    assertTrue(
        text.contains(" (in 59m), to be cancelled as grace asks, in " + fleet.plan.delayed()),
        text);
    String json = fleet.run("event", "get", "e1", "-o", "jsonl").out();
    assertTrue(json.contains("\"state\":\"delayed\""), json);
    assertTrue(json.contains("\"cancelAskedBy\":\"grace\""), json);

    fleet.answerCancel("ada", "cancelled");
    assertSaid(0, "event e1 of shop/mail, due at " + DUE + ", is cancelled\n", "", cancel("e1"));
  }

  @Test
  void of_several_canvases_one_must_be_said() {
    fleet.fleet.createCanvas("zoo", 1, OptionalInt.of(1), new Cause("test", ""));
    fleet.run("event", "emit", "zoo/feed", "{}", "--id=e1", "--in=2h");
    assertSaid(
        2,
        "",
        "nightshift: several canvases have a delayed event with the id 'e1': shop/mail, due at "
            + DUE
            + "; zoo/feed, due at "
            + DUE
            + ". Say which is meant, such as: nightshift event cancel e1 shop/mail. Nothing was"
            + " cancelled\n",
        cancel("e1"));
    fleet.answerCancel("ada", "cancelled");
    assertSaid(
        0,
        "event e1 of zoo/feed, due at " + DUE + ", is cancelled\n",
        "",
        cancel("e1", "zoo/feed"));
  }

  @Test
  void one_that_was_cancelled_before_stays_so() {
    fleet.endDelayed(fleet.delayed(record -> true), "cancelled");
    fleet.store(fleet.trace("e1", "cancelled"));
    assertEquals(
        new Said(0, "event e1 of shop/mail was cancelled before\n", ""),
        cancel("e1", "--since=2026-01-01T00:00:00Z"));
  }

  private Said cancel(String... arguments) {
    List<String> command = new ArrayList<>(List.of("event", "cancel"));
    command.addAll(List.of(arguments));
    if (Arrays.stream(arguments).noneMatch(each -> each.startsWith("--actor"))) {
      command.add("--actor=ada");
    }
    return fleet.run(command.toArray(String[]::new));
  }

  private static void assertSaid(int exitCode, String out, String err, Said said) {
    assertEquals(exitCode, said.exitCode(), said.err());
    assertTrue(said.out().matches(out), said.out());
    assertTrue(said.err().matches(err), said.err());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
