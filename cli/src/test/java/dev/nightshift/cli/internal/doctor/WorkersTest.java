package dev.nightshift.cli.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final QueueDepth TWO = new QueueDepth(2, 0, 0, 0, Optional.empty());
  private static final Canvas SHOP = new Canvas("shop", 1, "t.shop", "g", false);
  private static final Canvas BANK = new Canvas("bank", 1, "t.bank", "g", true);

  private final SortedMap<QueueName, QueueDepth> depths = new TreeMap<>();

  @Test
  void who_has_just_started_may_have_no_partitions_yet() {
    assertEquals(
        "ok       partitions of workers: each has some that did not just start",
        said("partitions of workers", List.of(worker("one", 60, 3), worker("two", 29, 0))));
    assertEquals(
        "warning  partitions of workers: none for two; wanted: some for each. These workers have"
            + " nothing to do: there are more workers than partitions, or they could not join their"
            + " group. Mend it: add partitions with: kafka-topics.sh --alter --topic TOPIC"
            + " --partitions N, or stop workers",
        said("partitions of workers", List.of(worker("one", 60, 3), worker("two", 31, 0))));
  }

  @Test
  void what_waits_of_a_canvas_that_is_gone_needs_no_handler() {
    depths.put(new QueueName("bank", "pay"), TWO);
    depths.put(new QueueName("unknown", "pay"), TWO);
    assertEquals(
        "ok       handlers for what waits: a live worker has each",
        said("handlers for what waits", List.of(worker("one", 60, 3))));
  }

  @Test
  void what_waits_without_a_handler_can_be_kept_in_the_same_fleet() {
    depths.put(new QueueName("shop", "pay"), TWO);
    assertEquals(
        "wrong    handlers for what waits: 2 events wait of shop/pay, which no live worker has a"
            + " handler for; wanted: a worker with a handler shop/pay. They end as no_handler,"
            + " without being run. Mend it: nightshift queue pause shop/pay --reason 'no handler'"
            + " --topic-prefix blue., then deploy its handler",
        said("handlers for what waits", List.of(worker("one", 60, 3))));
    assertEquals(
        "wrong    workers: none, and 2 events wait; wanted: 1 or more. Nothing runs what is emitted."
            + " Mend it: nightshift worker --handlers DIR --topic-prefix blue.",
        said("workers", List.of()));
  }

  private String said(String check, List<WorkerBeat> live) {
    ControlView view = ControlView.EMPTY.with(SHOP).with(BANK);
    return new Workers(live, view, depths, List.of("t.shop"), "--topic-prefix blue.")
        .findings(NOON).stream()
            .filter(finding -> finding.check().equals(check))
            .map(Finding::text)
            .findFirst()
            .orElseThrow();
  }

  private static WorkerBeat worker(String name, long upSeconds, int partitions) {
    return new WorkerBeat(
        name,
        "host",
        "running",
        NOON.minusSeconds(upSeconds),
        10,
        0,
        0,
        Set.of(new QueueName("shop", "mail")),
        "1.0",
        partitions,
        NOON);
  }
}
