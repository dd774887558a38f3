package dev.nightshift.scheduler.internal.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.internal.partition.DeletedCanvases.Step;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import dev.nightshift.scheduler.internal.timers.TimerRecords;
import dev.nightshift.worker.EndRecords;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeletedCanvasesTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final long MINUTE = 60_000_000;
  private static final ControlView THERE = ControlView.EMPTY.with(shop(false));
  private static final ControlView DELETED = THERE.with(shop(true));

  private final Control control = new Control();
  private final TimerBook book =
      new TimerBook(
          new TimerRecords(PLAN, 0, new EndRecords(PLAN, "scheduler-1", "host", 6)),
          1 << 20,
          MINUTE);
  private final DeletedCanvases deleted = new DeletedCanvases(book, control);
  private long end;

  /// What the control log says, and how far it was read.
  private static final class Control implements DeletedCanvases.Control {
    private ControlView view = THERE;
    private long asked;
    private long answered;

    @Override
    public ControlView view() {
      return view;
    }

    @Override
    public long refresh() {
      return ++asked;
    }

    @Override
    public long answered() {
      return answered;
    }
  }

  @Test
  void events_end_when_the_log_was_read_after_them() {
    emit("a");
    assertEquals(Step.NONE, deleted.step());
    control.view = DELETED;
    assertEquals(Step.WAIT, deleted.step());
    assertEquals(0, book.doomed());
    control.answered = control.asked;
    assertEquals(Step.SWEPT, deleted.step());
    assertEquals(1, book.doomed());
    assertEquals(Step.NONE, deleted.step());
  }

  @Test
  void what_is_emitted_while_others_end_is_looked_at_again() {
    emit("a");
    control.view = DELETED;
    assertEquals(Step.WAIT, deleted.step());
    emit("late");
    control.answered = control.asked;
    assertEquals(Step.SWEPT, deleted.step());
    assertEquals(1, book.doomed());
    assertEquals(Step.NONE, deleted.step());
    assertEquals(Step.WAIT, deleted.step());
    control.answered = control.asked;
    assertEquals(Step.SWEPT, deleted.step());
    assertEquals(2, book.doomed());
    assertEquals(Step.NONE, deleted.step());
    assertEquals(Step.NONE, deleted.step());
  }

  @Test
  void who_gets_the_partition_again_looks_again() {
    emit("a");
    control.view = DELETED;
    assertEquals(Step.WAIT, deleted.step());
    deleted.forget();
    assertEquals(Step.WAIT, deleted.step());
    control.answered = control.asked;
    assertEquals(Step.SWEPT, deleted.step());
  }

  private static Canvas shop(boolean isDeleted) {
    return new Canvas("shop", 1, PLAN.events("shop", 1), PLAN.workersGroup(), isDeleted);
  }

  private void emit(String id) {
    Headers headers = new RecordHeaders();
    Map.of(
            "ce_id",
            id,
            "ce_type",
            "mail",
            "ns-canvas",
            "shop",
            "ns-events-topic",
            PLAN.events("shop", 1),
            "ns-due",
            NOON.plusSeconds(600).toString())
        .forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
    byte[] key = ("shop/" + id).getBytes(UTF_8);
    byte[] value = "{}".getBytes(UTF_8);
    book.read(
        new ConsumerRecord<>(
            PLAN.delayed(),
            0,
            end++,
            NOON.toEpochMilli(),
            TimestampType.CREATE_TIME,
            key.length,
            value.length,
            key,
            value,
            headers,
            Optional.empty()),
        TimerBook.nowMicros(NOON));
  }
}
