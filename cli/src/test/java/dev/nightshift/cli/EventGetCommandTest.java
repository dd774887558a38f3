package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.record.Trace;
import dev.nightshift.local.LocalKafka;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Where an event is, in each of its states, on a real broker.
@Timeout(120)
@ExtendWith(EventFleets.class)
class EventGetCommandTest {
  private EventFleet fleet;
  private String events = "";

  @BeforeEach
  void begin(EventFleet given) {
    fleet = given;
    events = fleet.canvas("shop").topic();
  }

  @Test
  void one_that_waits_is_shown_whole() {
    emit("e1", "e2");
    Said said = fleet.run("event", "get", "e2");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(
        said.out()
            .matches(
                "event     e2\n"
                    + "queue     shop/mail\n"
                    + "state     waiting in "
                    + events
                    + "/0/1\n"
                    + "attempt   1\n"
                    + "emitted   20\\S+Z \\(\\d+s ago\\)\n"
                    + "origin    "
                    + events
                    + "/0/1\n"
                    + "payload   7 bytes\n"
                    + "header    ce_id: e2\n"
                    + "header    ce_source: nightshift-cli\n"
                    + "header    ce_specversion: 1.0\n"
                    + "header    ce_type: mail\n"
                    + "header    content-type: application/json\n"),
        said.out());
    String json = fleet.run("event", "get", "e2", "-o", "jsonl").out();
    assertTrue(
        json.matches(
            "\\{\"schemaVersion\":1,\"event\":\"e2\",\"queue\":\"shop/mail\",\"state\":\"waiting\","
                + "\"attempt\":1,\"topic\":\""
                + events
                + "\",\"partition\":0,\"offset\":1,\"emittedAt\":\"20\\S+Z\",\"origin\":\""
                + events
                + "/0/1\",\"payloadBytes\":7,\"headers\":\\{.*\\},\"history\":\\[\\],"
                + "\"traces\":\\[\\]\\}\n"),
        json);
  }

  @Test
  void one_that_runs_is_with_a_worker_that_lives_or_not() {
    emit("e1", "e2");
    fleet.ledger(events, 0, 2, "w1", EventGetCommandTest::secondIsClaimed);
    String silent =
        "running on w1, which is silent: its attempt counts as lost when the partition moves on";
    assertEquals(silent, state("e2"));
    fleet.beat("w1");
    assertEquals("running on w1", state("e2"));
    String json = fleet.run("event", "get", "e2", "-o", "jsonl").out();
    assertTrue(json.contains("\"state\":\"running\""), json);
    assertTrue(json.contains("\"worker\":\"w1\",\"workerLives\":true"), json);
    assertEquals(
        "ended; how is not known: it left no trace (see --traces of the workers), or it is gone by"
            + " now",
        state("e1"));
    Said replayed = fleet.run("event", "replay", "e1");
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: event 'e1' cannot be replayed: it has no trace with its payload. Nothing was"
                + " emitted\n"),
        replayed);
  }

  private static Ledger secondIsClaimed(Ledger ledger) {
    ledger.claim(0);
    ledger.complete(0);
    ledger.claim(1);
    return ledger;
  }

  @Test
  void one_in_its_lane_tells_what_stops_its_queue() {
    fleet.run("queue", "pause", "shop/mail", "--actor=ada", "--reason=provider");
    Lane lane = fleet.fleet.createLane(fleet.canvas("shop"), "mail");
    fleet.write(lane.topic(), 3, headers("e3"), "{}");
    String text = fleet.run("event", "get", "e3").out();
    assertTrue(
        text.contains(
            "\nstate     in its lane: in "
                + lane.topic()
                + "/3/0\n"
                + "          shop/mail is paused by ada"),
        text);
  }

  @Test
  void one_that_is_retried_tells_when_and_what_it_lost() {
    Map<String, String> headers = headers("e4");
    Instant due = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
    headers.put("ns-attempt", "3");
    headers.put("ns-not-before", due.toString());
    headers.put("ns-origin", events + "/0/7");
    headers.put("ns-history", "1 w1 2026-03-01T11:58:00Z lost\n2 w2 2026-03-01T11:59:00Z lost");
    fleet.write(fleet.plan.retry(), 2, headers, "{}");
    fleet.store(fleet.trace("e4", "lost"));
    String text = fleet.run("event", "get", "e4").out();
    assertTrue(
        text.matches(
            "(?s).*\nstate     retrying at "
                + due
                + " \\(in 59m\\) in "
                + fleet.plan.retry()
                + "/2/0\nattempt   3\n"
                + "before    attempt 1 w1 2026-03-01T11:58:00Z lost\n"
                + "before    attempt 2 w2 2026-03-01T11:59:00Z lost\n.*"
                + "\ntrace     attempt 1  lost  2026-01-02T03:04:06Z on w1  after 500.0 ms\n"),
        text);
  }

  @Test
  void headers_of_nightshift_that_say_nothing_are_not_shown() {
    Map<String, String> headers = headers("e8");
    headers.put("ns-history", "");
    headers.put("ns-suspicion", "1");
    headers.put("traceparent", "");
    headers.put("content-type", "");
    headers.put("tenant", "");
    fleet.write(fleet.plan.retry(), 1, headers, "{}");
    assertEquals(
        List.of(
            "header    ce_id: e8",
            "header    ce_type: mail",
            "header    ns-canvas: shop",
            "header    ns-origin: t/0/0",
            "header    ns-suspicion: 1",
            "header    tenant: "),
        fleet
            .run("event", "get", "e8")
            .out()
            .lines()
            .filter(line -> line.startsWith("header"))
            .toList());
    String json = fleet.run("event", "get", "e8", "-o", "jsonl").out();
    assertTrue(
        json.contains(
            "\"headers\":{\"ce_id\":\"e8\",\"ce_type\":\"mail\",\"ns-canvas\":\"shop\","
                + "\"ns-origin\":\"t/0/0\",\"ns-suspicion\":\"1\",\"tenant\":\"\"},"),
        json);
  }

  @Test
  void one_that_has_ended_tells_how_though_its_ledger_is_not_written_yet() {
    emit("e5");
    fleet.ledger(
        events,
        0,
        1,
        "w1",
        ledger -> {
          ledger.claim(0);
          return ledger;
        });
    Trace trace = fleet.trace("e5", "errored");
    fleet.store(trace);
    Said said = fleet.run("event", "get", "e5");
    assertEquals(
        new Said(
            0,
            "event     e5\n"
                + "queue     shop/mail\n"
                + "state     errored\n"
                + "attempt   1\n"
                + "emitted   2026-01-02T03:04:05Z (AGE ago)\n"
                + "origin    "
                + events
                + "/0/0\n"
                + "payload   7 bytes\n"
                + "header    ce_source: orders\n"
                + "header    content-type: application/json\n"
                + "header    tenant: t1\n"
                + "trace     attempt 1  errored  2026-01-02T03:04:06Z on w1  after 500.0 ms\n",
            ""),
        new Said(said.exitCode(), said.out().replaceAll("\\(\\S+ ago", "(AGE ago"), said.err()));
  }

  @Test
  void one_that_was_redriven_waits_again_though_it_had_ended() {
    Trace trace = fleet.trace("e6", "exhausted");
    trace.setOrigin(events + "/0/9");
    fleet.store(trace);
    emit("e6");
    assertEquals("waiting in " + events + "/0/0", state("e6"));
  }

  @Test
  void one_that_died_names_its_letter() {
    Map<String, String> headers = headers("e7");
    headers.put("ns-attempt", "5");
    headers.put("ns-origin", events + "/0/7");
    headers.put("ns-outcome", "exhausted");
    headers.put("ns-reason", "all 5 attempts were lost");
    fleet.write(fleet.plan.dead(), 1, headers, "{}");
    String text = fleet.run("event", "get", "e7").out();
    assertTrue(text.contains("\nstate     exhausted\n"), text);
    assertTrue(
        text.endsWith(
            "\nletter    1/0, open: all 5 attempts were lost. See it with: nightshift dead get 1/0\n"),
        text);
  }

  @Test
  void one_that_is_not_there_is_said_to_be_looked_for_where_and_since_when() {
    Said none = fleet.run("event", "get", "e9", "--since=2026-01-02T03:04:05Z");
    assertEquals(
        new Said(3, "", notFound("e9", "2026-01-02T03:04:05Z (as --since says)", fleet.plan)),
        none);
    Said byTime = fleet.run("event", "get", "019b7dd7-26d0-7000-8000-000000000000");
    assertEquals(
        new Said(
            3,
            "",
            notFound(
                "019b7dd7-26d0-7000-8000-000000000000",
                "2026-01-02T08:23:30Z (the time in the id less 10 minutes)",
                fleet.plan)),
        byTime);
    Said foreign = fleet.run("event", "get", "e9");
    assertEquals(
        notFound("e9", "TIME (the last 1h)", fleet.plan),
        foreign.err().replaceFirst("from \\S+Z \\(", "from TIME ("));
    assertEquals(
        notFound("e9", "their beginning", fleet.plan)
            .replace(", or look further back with --since, such as --since 7d", ""),
        fleet.run("event", "replay", "e9").err());
  }

  private static String notFound(String id, String since, TopicPlan plan) {
    return "nightshift: there is no event '"
        + id
        + "': looked for what waits or runs in the canvases' topics, the lanes and "
        + plan.retry()
        + ", and in "
        + plan.traces()
        + " (which keeps seven days), from "
        + since
        + "; and in all of "
        + plan.dead()
        + " and "
        + plan.delayed()
        + ". Check the id, or look further back with --since, such as --since 7d\n";
  }

  @Test
  void which_of_several_events_of_an_id_is_meant_has_to_be_said() {
    fleet.run("canvas", "create", "bank", "--partitions=1");
    emit("e1");
    fleet.run("event", "emit", "bank/bill", "{}", "--id=e1");
    Said several =
        new Said(
            2,
            "",
            "nightshift: several events have the id 'e1': bank/bill; shop/mail. Say which is meant,"
                + " such as: nightshift event get e1 bank/bill\n");
    assertEquals(several, fleet.run("event", "get", "e1"));
    for (String queue : List.of("bank/bill", "shop/mail")) {
      String text = fleet.run("event", "get", "e1", queue).out();
      assertTrue(text.startsWith("event     e1\nqueue     " + queue + "\nstate     wait"), text);
    }
    Said none = fleet.run("event", "get", "e1", "shop/bill", "--since=2026-01-02T03:04:05Z");
    String notFound = notFound("e1", "2026-01-02T03:04:05Z (as --since says)", fleet.plan);
    assertEquals(new Said(3, "", notFound.replace("'e1'", "'e1' of shop/bill")), none);
  }

  @Test
  void each_of_several_events_of_an_id_has_its_own_traces() {
    Trace bank = fleet.trace("e1", "completed");
    bank.setCanvas("bank");
    fleet.store(bank);
    fleet.store(fleet.trace("e1", "errored"));
    assertEquals(2, fleet.run("event", "get", "e1").exitCode());
    String text = fleet.run("event", "get", "e1", "shop/mail").out();
    assertTrue(text.contains("\nstate     errored\n"), text);
    assertFalse(text.contains("completed"), text);
  }

  @Test
  void a_fleet_that_is_not_there_is_told_apart(LocalKafka kafka) {
    try (EventFleet none = new EventFleet(kafka)) {
      for (String verb : List.of("get", "trace", "replay")) {
        Said said = none.run("event", verb, "x");
        assertEquals(3, said.exitCode(), said.err());
        assertTrue(said.err().contains("Check the address and the topic prefix ("), said.err());
      }
      assertEquals(3, none.run("event", "tail").exitCode());
    }
  }

  private String state(String id) {
    return fleet
        .run("event", "get", id)
        .out()
        .lines()
        .filter(line -> line.startsWith("state"))
        .findFirst()
        .orElse("")
        .substring(10);
  }

  private void emit(String... ids) {
    for (String id : ids) {
      fleet.run("event", "emit", "shop/mail", "{\"a\":1}", "--id=" + id);
    }
  }

  private static Map<String, String> headers(String id) {
    return new TreeMap<>(
        Map.of("ce_id", id, "ce_type", "mail", "ns-canvas", "shop", "ns-origin", "t/0/0"));
  }
}
