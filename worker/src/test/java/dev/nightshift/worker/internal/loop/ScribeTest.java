package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ScribeTest {
  private static final String REFUSED = "refused";
  private static final int MOVES = 32;

  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final Partition moved = partition();
  private final Partition busy = partition(StreamedLog.RETRY);
  private final List<String> told = new ArrayList<>();

  @Test
  void aRefusedRecordIsFoundWhileCommitsGoOn() {
    log.refuse(REFUSED);
    Scribe scribe = scribe();
    for (long offset = 0; offset < MOVES; offset++) {
      moved.read(offset, () -> 0);
      String topic = offset == 20 ? REFUSED : "elsewhere";
      var records = List.of(new ProducerRecord<byte[], byte[]>(topic, null));
      scribe.move(Move.unhandled(moved, record(offset), "a", records));
    }
    int writes = 0;
    for (; moved.ledger().base() < MOVES && writes < 100; writes++) {
      busy.read(writes, clock.time().monotonic());
      busy.complete(writes, clock.time().nanos());
      scribe.touched(busy);
      clock.pass(Duration.ofSeconds(1));
      scribe.write(true, true);
    }
    assertEquals(MOVES, moved.ledger().base());
    int took = writes;
    assertTrue(took < 20, () -> "it took " + took + " writes");
  }

  @Test
  void whileATopicOfTheFleetIsMissingOnlyWhatNeedsItWaits() {
    log.refuse(SimEvent.RETRY);
    Scribe scribe = scribe();
    for (long offset = 0; offset < MOVES; offset++) {
      moved.read(offset, () -> 0);
      String topic = offset % 4 == 0 ? SimEvent.RETRY : "elsewhere";
      var records = List.of(new ProducerRecord<byte[], byte[]>(topic, 0, null, null));
      scribe.move(Move.unhandled(moved, record(offset), "a", records));
    }
    for (int i = 0; i < 500; i++) {
      busy.read(i, clock.time().monotonic());
      busy.complete(i, clock.time().nanos());
      scribe.touched(busy);
      clock.pass(Duration.ofMillis(50));
      scribe.write(true, true);
      assertFalse(busy.dirty(), "commits go on");
    }
    for (long offset = 0; offset < MOVES; offset++) {
      Mark expected = offset % 4 == 0 ? Mark.UNTOUCHED : Mark.COMPLETED;
      assertEquals(expected, moved.ledger().mark(offset), "offset " + offset);
    }
    assertEquals(List.of("WritesStuck"), told);

    log.takeAll();
    for (int i = 0; i < 50; i++) {
      clock.pass(Duration.ofMillis(50));
      scribe.write(true, true);
    }
    assertEquals(MOVES, moved.ledger().base());
    assertEquals(MOVES / 4, log.retries());
    assertEquals(List.of("WritesStuck", "WritesGoOn"), told);
  }

  @Test
  void whileHandlersStartAndEndTransfersTakeHalfOfTheTimeAndEndsGoAtOnce() {
    Duration each = Duration.ofMillis(10);
    log.duringWrite(() -> clock.pass(each));
    Scribe scribe = scribe();
    int transfers = 4 * Scribe.TRANSFERS_BESIDE_MAX;
    for (int offset = 0; offset < transfers; offset++) {
      transfer(scribe, offset);
    }
    scribe.handlersActive(true);
    assertTrue(scribe.write(false, false));
    assertEquals(Scribe.TRANSFERS_BESIDE_MAX, moved.ledger().base());

    clock.pass(each.minusMillis(1));
    assertFalse(scribe.write(false, false), "transfers rest as long as they took");
    moved.read(transfers, () -> 0);
    scribe.move(Move.unhandled(moved, record(transfers), "a", List.of()));
    assertTrue(scribe.write(false, false));
    assertEquals(Mark.COMPLETED, moved.ledger().mark(transfers));
    assertEquals(Scribe.TRANSFERS_BESIDE_MAX, moved.ledger().base());
    assertTrue(scribe.write(false, false));
    assertEquals(2 * Scribe.TRANSFERS_BESIDE_MAX, moved.ledger().base());

    scribe.handlersActive(false);
    assertTrue(scribe.write(false, false));
    assertEquals(transfers + 1, moved.ledger().base());
  }

  @Test
  void whileATransactionIsOnItsWayTheOtherPartitionsCommit() {
    Scribe scribe = scribe();
    log.beside(true);
    moved.read(0, clock.time().monotonic());
    scribe.move(Move.unhandled(moved, record(0), "a", List.of()));
    assertFalse(scribe.write(false, false));
    assertFalse(scribe.recorded());

    moved.read(1, clock.time().monotonic());
    moved.complete(1, clock.time().nanos());
    scribe.touched(moved);
    busy.read(0, clock.time().monotonic());
    busy.complete(0, clock.time().nanos());
    scribe.touched(busy);
    assertTrue(scribe.write(false, true));
    assertFalse(busy.dirty());
    assertTrue(scribe.unwritten(List.of(moved)));
    assertFalse(scribe.write(false, true));

    log.beside(false);
    assertTrue(scribe.write(false, true));
    assertTrue(scribe.idle(), "what changed meanwhile is committed right after");
    assertEquals(2, log.committed(StreamedLog.EVENTS).base());
  }

  @Test
  void endsAndTransfersTakeTurns() {
    Scribe scribe = scribe();
    int chunk = settings().moveRecordsMax();
    for (int offset = 0; offset < 3 * chunk; offset++) {
      transfer(scribe, offset);
      busy.read(offset, () -> 0);
      scribe.move(Move.unhandled(busy, record(offset), "a", List.of()));
    }
    for (int written = 0; written < 6; written++) {
      assertEquals((written + 1) / 2 * chunk, busy.ledger().base());
      assertEquals(written / 2 * chunk, moved.ledger().base());
      assertTrue(scribe.write(false, false));
    }
    assertTrue(scribe.recorded());
  }

  @Test
  void aPartitionThatComesBackIsNotCommittedBeforeItsTransactionHasLanded() {
    Scribe scribe = scribe();
    log.beside(true);
    moved.read(0, clock.time().monotonic());
    scribe.move(Move.unhandled(moved, record(0), "a", List.of()));
    assertFalse(scribe.write(false, false));
    scribe.forget(List.of(moved));

    Partition again = partition();
    again.read(0, clock.time().monotonic());
    again.complete(0, clock.time().nanos());
    scribe.touched(again);
    assertFalse(scribe.write(false, true));
    assertTrue(scribe.unwritten(List.of(again)));
    log.beside(false);
    assertTrue(scribe.write(false, true));
    assertFalse(scribe.unwritten(List.of(again)));
  }

  @Test
  void allIsRecordedThoughEventsAreOnTheirWayToTheirLanes() {
    Scribe scribe = scribe();
    log.beside(true);
    transfer(scribe, 0);
    assertFalse(scribe.write(false, true));
    assertTrue(scribe.recorded());
    assertFalse(scribe.idle());
  }

  @Test
  void aLaneThatRefusesIsFoundThoughOtherEventsEndMeanwhile() {
    log.refuse("lane");
    Scribe scribe = scribe();
    List<Waiting> stayed = new ArrayList<>();
    scribe.onRefusedTransfer(stayed::add);
    for (int offset = 0; offset < MOVES; offset++) {
      transfer(scribe, offset);
    }
    for (int i = 0; i < 3 * MOVES && stayed.size() < MOVES; i++) {
      for (int offset = MOVES * (i + 1); offset < MOVES * (i + 2); offset++) {
        moved.read(offset, () -> 0);
        scribe.move(Move.unhandled(moved, record(offset), "a", List.of()));
      }
      scribe.write(false, false);
      assertFalse(scribe.full(), "ends go on");
    }
    assertEquals(MOVES, stayed.size());
  }

  @Test
  void whatWentIntoItsLaneBeforeADrainIsNotReadAgainThoughTheAnswerCameLater() {
    Scribe scribe = scribe();
    transfer(scribe, 0);
    log.loseAnswer();
    assertFalse(scribe.write(false, false));
    scribe.dropTransfers(partition -> true);
    moved.read(1, clock.time().monotonic());
    moved.complete(1, clock.time().nanos());
    scribe.touched(moved);
    clock.pass(Duration.ofSeconds(1));
    while (!scribe.idle()) {
      assertTrue(scribe.write(false, true));
    }
    assertEquals(2, log.committed(StreamedLog.EVENTS).base());
  }

  private void transfer(Scribe scribe, int offset) {
    scribe.move(transfer(moved, offset));
  }

  /// An event that is read, and goes into its lane.
  static Move transfer(Partition from, int offset) {
    ConsumerRecord<byte[], byte[]> record = record(offset);
    record.headers().add(EventHeaders.ID, Integer.toString(offset).getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, "work".getBytes(UTF_8));
    from.read(offset, () -> 0);
    Waiting waiting =
        new Waiting(
            from,
            new Canvas("a", 1, StreamedLog.EVENTS.topic(), "workers", false),
            EventEnvelope.read(record, true));
    from.waits(waiting);
    return Move.toLane(waiting, new ProducerRecord<>("lane", null));
  }

  private void tell(WorkerEvent event) {
    if (!(event instanceof WorkerEvent.WriteDelayed)) {
      told.add(event.getClass().getSimpleName());
    }
  }

  private Scribe scribe() {
    return new Scribe(log, settings(), endings(), clock.time(), this::tell);
  }

  static LoopSettings settings() {
    return settings(Duration.ZERO);
  }

  static LoopSettings settings(Duration revocationGrace) {
    return new LoopSettings(
        "w1",
        10,
        10_000,
        100_000_000,
        Duration.ofMillis(10),
        Duration.ofMillis(2),
        Duration.ofSeconds(6),
        revocationGrace,
        Duration.ofSeconds(1),
        1_000,
        1_000_000,
        4_096,
        5,
        List.of(Duration.ZERO),
        1,
        SimEvent.TOPICS);
  }

  static Endings endings() {
    return new Endings(settings(), new EmptyTraces());
  }

  static Partition partition() {
    return partition(StreamedLog.EVENTS);
  }

  static Partition partition(TopicPartition id) {
    return new Partition(id, 1, Partition.Kind.EVENTS, Ledger.empty(new Uuid(1, 1), 0), "");
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>(StreamedLog.EVENTS.topic(), 0, offset, new byte[0], new byte[0]);
  }

  /// Traces that say nothing.
  private static final class EmptyTraces implements EndTraces {
    @Override
    public ProducerRecord<byte[], byte[]> trace(
        EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
      return new ProducerRecord<>(SimEvent.TRACES, null);
    }

    @Override
    public ProducerRecord<byte[], byte[]> undecodable(
        ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
      return new ProducerRecord<>(SimEvent.TRACES, null);
    }
  }
}
