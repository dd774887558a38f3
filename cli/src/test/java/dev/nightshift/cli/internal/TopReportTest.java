package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.QueueDepth;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TopReportTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
  private static final QueueName MAIL = new QueueName("shop", "mail");
  private static final QueueName BILL = new QueueName("shop", "bill");

  @Test
  void workers_and_the_busiest_queues_are_shown() {
    assertEquals(
        """
        2 workers, 12 running, 1,305 waiting or running, 4.0 ends/s

        WORKER  STATE     RUNNING  SLOTS  PARTITIONS  VERSION  SAID
        one     running   12       100    6           1.0      1s ago
        two     draining  0        100    0           -        0s ago
        three   silent    7        100    0           -        12s ago

        QUEUE      DEPTH  RUNNING  ENDS/S  COMPLETED  ERRORED  OTHER  P50
        shop/mail  1,300  300      4.0     3.0        0.9      0.1    20 ms
        shop/bill  5      5        -       -          -        -      -\
        """,
        report(true).text(false));
  }

  @Test
  void what_was_not_counted_to_its_end_is_at_least_so_much() {
    assertEquals(
        "2 workers, 12 running, >= 1,305 waiting or running, 4.0 ends/s",
        report(false).text(false).lines().findFirst().orElseThrow());
  }

  @Test
  void how_long_ago_it_was_is_said_when_the_next_turn_would_have_been_due() {
    String header = "2 workers, 12 running, 1,305 waiting or running, 4.0 ends/s";
    assertEquals(header, header(Duration.ofMillis(1_000)));
    assertEquals(header + ", as of 1.4s ago", header(Duration.ofMillis(1_499)));
  }

  private static String header(Duration age) {
    return report(true, age).text(false).lines().findFirst().orElseThrow();
  }

  @Test
  void programs_get_the_same() {
    Map<String, Object> fields = report(true).fields();
    assertEquals(
        "[{canvas=shop, queue=mail, depth=1300, running=300,"
            + " endsPerSecond={completed=3.0, errored=0.9, timed_out=0.1}, medianMillis=20.0},"
            + " {canvas=shop, queue=bill, depth=5, running=5, endsPerSecond={}}]",
        String.valueOf(fields.get("queues")));
    assertEquals(
        "[{name=one, state=running, running=12, slots=100, partitions=6, version=1.0,"
            + " saidAt=2026-01-02T11:59:59Z}, {name=two, state=draining, running=0, slots=100,"
            + " partitions=0, version=, saidAt=2026-01-02T12:00:00.200Z}, {name=three, state=silent,"
            + " running=7, slots=100, partitions=0, version=, saidAt=2026-01-02T11:59:48Z}]",
        String.valueOf(fields.get("workers")));
    fields.keySet().removeAll(Set.of("queues", "workers"));
    assertEquals(
        "{at=2026-01-02T12:00:00Z, depth=1305, exact=true, endsPerSecond=4.0, windowSeconds=10}",
        String.valueOf(fields));
  }

  private static TopReport report(boolean exact) {
    return report(exact, Duration.ZERO);
  }

  private static TopReport report(boolean exact, Duration age) {
    TopEnds ends = new TopEnds();
    for (int i = 0; i < 30; i++) {
      ends.add(trace("completed", NOW.minusMillis(100L * i), 20));
      ends.add(trace("completed", NOW.minusSeconds(11), 20));
      ends.add(trace("lost", NOW, 20));
    }
    for (int i = 0; i < 9; i++) {
      ends.add(trace("errored", NOW.minusMillis(100L * i), 1_500));
    }
    ends.add(trace("timed_out", NOW, 30_000));
    SortedMap<QueueName, QueueDepth> depths = new TreeMap<>();
    depths.put(BILL, new QueueDepth(0, 0, 0, 5, Optional.empty()));
    depths.put(MAIL, new QueueDepth(1_000, 0, 0, 300, Optional.empty()));
    depths.put(new QueueName("shop", "idle"), QueueDepth.NONE);
    List<WorkerBeat> live =
        List.of(
            beat("one", "running", 12, NOW.minusSeconds(1)),
            beat("two", "draining", 0, NOW.plusMillis(200)),
            beat("three", "silent", 7, NOW.minusSeconds(12)));
    return new TopReport(NOW, age, live, depths, exact, ends.rates(NOW));
  }

  private static WorkerBeat beat(String name, String state, int running, Instant at) {
    boolean first = name.equals("one");
    return new WorkerBeat(
        name, "host", state, NOW, 100, running, 0, Set.of(), first ? "1.0" : "", first ? 6 : 0, at);
  }

  private static Trace trace(String outcome, Instant end, long millis) {
    Trace trace = new Trace();
    trace.setCanvas(MAIL.canvas());
    trace.setQueue(MAIL.queue());
    trace.setOutcome(outcome);
    trace.setStartedAt(end.minusMillis(millis));
    trace.setEndedAt(end);
    return trace;
  }
}
