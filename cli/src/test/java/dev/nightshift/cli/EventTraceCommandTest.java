package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.emitter.EventRecords;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is done with traces by command, on a real broker; they are as workers write them.
@Timeout(120)
@ExtendWith(EventFleets.class)
class EventTraceCommandTest {
  private EventFleet fleet;

  @BeforeEach
  void begin(EventFleet given) {
    fleet = given;
  }

  @Test
  void all_attempts_are_shown_the_oldest_first_for_people_and_for_programs() {
    Trace second = fleet.trace("e1", "completed");
    second.setAttempt(2);
    second.setEndedAt(Instant.parse("2026-01-02T03:04:07Z"));
    second.setChildren(List.of(new TraceChild("shop", "bill", "c1")));
    second.setResult(ByteBuffer.wrap(new byte[] {(byte) 0xff}));
    second.setResultBytes(1);
    fleet.store(second);
    fleet.store(fleet.trace("e1", "lost"));
    fleet.store(fleet.trace("e11", "completed"));
    Said said = fleet.run("event", "trace", "e1");
    assertEquals(
        List.of(
            "event e1  shop/mail  attempt 1  lost", "event e1  shop/mail  attempt 2  completed"),
        said.out().lines().filter(line -> line.startsWith("event")).toList());
    assertTrue(said.out().endsWith("\n  child      c1  shop/bill\n"), said.out());
    String json = fleet.run("event", "trace", "e1", "-o", "jsonl").out();
    assertTrue(
        json.startsWith(
            "{\"schemaVersion\":1,\"event\":\"e1\",\"traces\":[{\"event\":\"e1\",\"canvas\":\"shop\","
                + "\"queue\":\"mail\",\"attempt\":1,\"outcome\":\"lost\",\"worker\":\"w1\","
                + "\"startedAt\":\"2026-01-02T03:04:05.500Z\",\"millis\":500.0,"
                + "\"endedAt\":\"2026-01-02T03:04:06Z\",\"host\":\"h1\""),
        json);
    assertTrue(json.contains("\"input\":{\"text\":\"{\\\"a\\\":1}\"},\"inputBytes\":7"), json);
    assertTrue(json.contains("\"result\":{\"hex\":\"ff\"},\"resultBytes\":1"), json);
    assertTrue(
        json.endsWith(
            "\"children\":[{\"event\":\"c1\",\"canvas\":\"shop\",\"queue\":\"bill\"}]}]}\n"),
        json);
  }

  @Test
  void what_was_stored_before_the_time_in_the_id_is_not_looked_at() {
    String soon = "01ffffff-ffff-7000-8000-000000000000"; // a time to come counts as now
    fleet.store(fleet.trace(soon, "completed"));
    assertEquals(0, fleet.run("event", "trace", soon).exitCode());
    Said later = fleet.run("event", "trace", "e1", "--since=" + Instant.now().plusSeconds(60));
    assertEquals(3, later.exitCode());
    Said none = fleet.run("event", "trace", "e1");
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no trace of event 'e1' in "
                + fleet.plan.traces()
                + ", which keeps seven days and was read from their beginning: the event has not"
                + " ended yet, or the id is wrong. See where it is with: nightshift event get e1\n"),
        none);
  }

  @Test
  void an_end_is_waited_for_and_a_lost_attempt_is_none() {
    fleet.store(fleet.trace("e2", "lost"));
    Said inVain = fleet.run("event", "trace", "e2", "--wait", "--timeout=300ms");
    assertEquals(
        new Said(
            5,
            inVain.out(),
            "nightshift: event 'e2' has no trace of its end after 300ms; see where it is with:"
                + " nightshift event get e2\n"),
        inVain);
    assertTrue(inVain.out().startsWith("event e2  shop/mail  attempt 1  lost\n"), inVain.out());
    CompletableFuture<Void> storing =
        CompletableFuture.runAsync(() -> fleet.store(fleet.trace("e3", "timed_out")));
    Said waited = fleet.run("event", "trace", "e3", "-w", "--timeout=60s");
    storing.join();
    assertEquals(0, waited.exitCode(), waited.err());
    assertTrue(waited.out().startsWith("event e3  shop/mail  attempt 1  timed_out\n"));
  }

  @Test
  void ends_are_followed_and_narrowed_down() {
    fleet.run("canvas", "create", "bank", "--partitions=1");
    Trace failed = fleet.trace("e1", "errored");
    failed.setError(new TraceError("java.io.IOException", "it said no", "at x"));
    failed.setEndedAt(Instant.now());
    fleet.store(failed);
    Trace other = fleet.trace("b1", "completed");
    other.setCanvas("bank");
    other.setEndedAt(Instant.now());
    fleet.store(other);
    Trace lost = fleet.trace("e2", "lost");
    lost.setEndedAt(Instant.now());
    fleet.store(lost);
    fleet.store(fleet.trace("old", "completed"));
    String since = "--since=1h";
    assertEquals(
        new Said(0, "b1\n", ""),
        fleet.run("event", "tail", "bank", since, "--max=1", "-o", "name"));
    assertEquals(
        "e1\n", fleet.run("event", "tail", "shop/mail", since, "-n", "1", "-o", "name").out());
    assertEquals(
        "e2\n",
        fleet.run("event", "tail", since, "--outcome=timed_out,lost", "-n1", "-o", "name").out());
    Said table = fleet.run("event", "tail", "shop/*", since, "-n1");
    assertTrue(
        table
            .out()
            .matches(
                "ENDED +OUTCOME +QUEUE +EVENT +ATTEMPT +DURATION +WORKER\n"
                    + "20\\S+Z +errored +shop/mail +e1 +1 +\\d+\\.\\d ms +w1\n"),
        table.out());
    String json = fleet.run("event", "tail", "shop", since, "-n1", "-o", "jsonl").out();
    assertTrue(json.contains("\"outcome\":\"errored\""), json);
    assertTrue(json.endsWith("\"errorType\":\"java.io.IOException\"}\n"), json);
  }

  @Test
  void a_tail_ends_when_nobody_reads_it_any_more() {
    for (int i = 0; i < 5; i++) {
      fleet.store(fleet.trace("e" + i, "completed"));
    }
    String[] command = fleet.command("event", "tail", "--since=2026-01-01T00:00:00Z");
    assertEquals(0, ClosedAfter.lines(3, () -> Main.run(command)));
  }

  @Test
  void what_cannot_be_followed_is_said() {
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas"
                + " list\n"),
        fleet.run("event", "tail", "shpo"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: --outcome: 'failed' is no outcome: completed, errored, timed_out,"
                + " no_handler, canvas_deleted, exhausted, undecodable, cancelled, lost\n"
                + "How it is used: nightshift event tail --help\n"),
        fleet.run("event", "tail", "--outcome=failed"));
    for (String verb : List.of("emit", "get", "trace", "tail", "replay")) {
      String help = Said.by("event", verb, "--help").out();
      assertTrue(help.contains("\n  nightshift event " + verb), help);
    }
  }

  @Test
  void a_copy_is_emitted_with_all_that_the_emitter_said() {
    Trace trace = fleet.trace("e1", "errored");
    trace.setHeaders(Map.of("tenant", "t1", "tracestate", "a=b", "ns-redriven", "d/0/1"));
    trace.setTraceParent("00-1-2-01");
    trace.setCause("parent");
    fleet.store(trace);
    assertEquals(
        new Said(0, "a copy of event e1 would be emitted into shop/mail (7 bytes)\n", ""),
        fleet.run("event", "replay", "e1", "--dry-run"));
    Said said = fleet.run("event", "replay", "e1", "--actor=ada", "--reason=r");
    assertEquals(0, said.exitCode(), said.err());
    String copy = said.out().strip();
    String text = fleet.run("event", "get", copy).out();
    assertEquals(
        List.of(
            "payload   7 bytes",
            "header    ce_id: " + copy,
            "header    ce_source: orders",
            "header    ce_specversion: 1.0",
            "header    ce_type: mail",
            "header    content-type: application/json",
            "header    ns-replay-of: e1",
            "header    tenant: t1",
            "header    traceparent: 00-1-2-01",
            "header    tracestate: a=b"),
        text.lines()
            .filter(line -> line.startsWith("header") || line.startsWith("payload"))
            .toList());
    String audit = fleet.run("audit", "--limit=1", "-o", "jsonl").out();
    assertTrue(
        audit.endsWith(
            "\"actor\":\"ada\",\"action\":\"event replay\",\"target\":\"shop/mail\","
                + "\"before\":\"event e1\",\"after\":\"event "
                + copy
                + "\",\"reason\":\"r\"}\n"),
        audit);
  }

  @Test
  void what_cannot_be_copied_faithfully_is_refused() {
    Trace cut = fleet.trace("cut", "completed");
    cut.setInputBytes(40_000);
    fleet.store(cut);
    assertRefused(
        "cut",
        "its trace has only the first 7 of its 40000 bytes. Emit it again from where it came");
    Trace large = fleet.trace("large", "completed");
    large.setReason("the time limit of 5s was over; " + TraceReasons.HEADERS_NOT_WHOLE);
    fleet.store(large);
    assertRefused(
        "large",
        "its trace does not have all its headers as they were. Emit it again from where it came");
    Trace lost = fleet.trace("lost", "completed");
    lost.setReason(TraceReasons.lost("logs") + "; " + TraceReasons.lost("headers"));
    fleet.store(lost);
    assertRefused(
        "lost",
        "its trace does not have all its headers as they were. Emit it again from where it came");
    Trace minimal = fleet.trace("minimal", "completed");
    minimal.setInput(ByteBuffer.allocate(0));
    minimal.setInputBytes(0);
    minimal.setHeaders(Map.of());
    minimal.setSource("");
    minimal.setReason(TraceReasons.NOT_BUILT);
    fleet.store(minimal);
    assertRefused(
        "minimal",
        "its trace could not be built, and has neither its payload nor its headers. Emit it again"
            + " from where it came");
    fleet.store(fleet.trace("dead", "exhausted"));
    assertRefused("dead", "it has died. Emit it again with: nightshift dead redrive dead");
    String waits = EventRecords.newId();
    fleet.run("event", "emit", "shop/mail", "{}", "--id=" + waits);
    assertRefused(
        waits, "it has not ended: it is waiting in " + fleet.canvas("shop").topic() + "/0/0");
    fleet.store(fleet.trace("e1", "completed"));
    fleet.run("canvas", "delete", "shop", "-y");
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: event 'e1' cannot be replayed: canvas 'shop' was deleted; create it again"
                + " with: nightshift canvas create shop. Nothing was emitted\n"),
        fleet.run("event", "replay", "e1"));
    assertEquals(3, fleet.run("event", "replay", "none").exitCode());
  }

  private void assertRefused(String id, String why) {
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: event '"
                + id
                + "' cannot be replayed: "
                + why
                + ". Nothing was emitted\n"),
        fleet.run("event", "replay", id));
  }

  @Test
  void which_of_several_events_of_an_id_is_copied_has_to_be_said() {
    fleet.run("canvas", "create", "bank", "--partitions=1");
    Trace bank = fleet.trace("e1", "completed");
    bank.setCanvas("bank");
    bank.setOrigin("b/0/0");
    bank.setEndedAt(Instant.parse("2026-01-02T03:04:09Z"));
    fleet.store(bank);
    fleet.store(fleet.trace("e1", "lost"));
    fleet.store(fleet.trace("e1", "errored"));
    String first = "shop/mail, emitted at " + fleet.trace("e1", "").getOrigin();
    String both =
        "bank/mail, emitted at b/0/0 (completed 2026-01-02T03:04:09Z); "
            + first
            + " (errored 2026-01-02T03:04:06Z)";
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: several events with the id 'e1' have ended: "
                + both
                + ". Say which is meant, such as: nightshift event replay e1 bank/mail. Nothing was"
                + " emitted\n"),
        fleet.run("event", "replay", "e1"));
    assertEquals(
        "a copy of event e1 would be emitted into shop/mail (7 bytes)\n",
        fleet.run("event", "replay", "e1", "shop/mail", "--dry-run").out());
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no event 'e1' that ended there; with this id there ended: "
                + both
                + ". Nothing was emitted\n"),
        fleet.run("event", "replay", "e1", "shop/bill"));
  }

  @Test
  void an_id_that_was_emitted_twice_is_told_apart_by_the_origin_and_a_redrive_is_no_emission() {
    Trace dead = fleet.trace("e1", "exhausted");
    fleet.store(dead);
    Trace redriven = fleet.trace("e1", "completed");
    redriven.setOrigin("s/0/7");
    redriven.setHeaders(Map.of("ns-redriven", "dead/0/0"));
    redriven.setEndedAt(Instant.parse("2026-01-02T03:05:00Z"));
    fleet.store(redriven);
    String would = "a copy of event e1 would be emitted into shop/mail (7 bytes)\n";
    assertEquals(new Said(0, would, ""), fleet.run("event", "replay", "e1", "--dry-run"));
    Trace again = fleet.trace("e1", "completed");
    again.setOrigin("s/0/9");
    again.setEndedAt(Instant.parse("2026-01-02T03:06:00Z"));
    fleet.store(again);
    Said said = fleet.run("event", "replay", "e1", "shop/mail");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: several events with the id 'e1' have ended: shop/mail, emitted at "
                + dead.getOrigin()
                + " (exhausted 2026-01-02T03:04:06Z); shop/mail, emitted at s/0/7 (completed"
                + " 2026-01-02T03:05:00Z); shop/mail, emitted at s/0/9 (completed"
                + " 2026-01-02T03:06:00Z). Say which is meant, such as: nightshift event replay e1"
                + " shop/mail --origin "
                + dead.getOrigin()
                + ". Nothing was emitted\n"),
        said);
    assertEquals(would, fleet.run("event", "replay", "e1", "--origin=s/0/9", "--dry-run").out());
  }

  @Test
  void one_that_ended_is_copied_though_another_of_its_id_waits_elsewhere() {
    fleet.run("canvas", "create", "bank", "--partitions=1");
    String id = EventRecords.newId();
    fleet.run("event", "emit", "bank/mail", "{}", "--id=" + id);
    fleet.store(fleet.trace(id, "errored"));
    assertRefused(
        id, "it has not ended: it is waiting in " + fleet.canvas("bank").topic() + "/0/0");
    assertEquals(
        "a copy of event " + id + " would be emitted into shop/mail (7 bytes)\n",
        fleet.run("event", "replay", id, "shop/mail", "--dry-run").out());
  }

  @Test
  void a_payload_is_copied_byte_by_byte() {
    Trace trace = fleet.trace("e1", "completed");
    trace.setInput(ByteBuffer.wrap("äöü".getBytes(UTF_8)));
    trace.setInputBytes(6);
    trace.setContentType(null);
    fleet.store(trace);
    String copy = fleet.run("event", "replay", "e1").out().strip();
    assertEquals("äöü", fleet.payload(fleet.canvas("shop").topic(), copy));
  }
}
