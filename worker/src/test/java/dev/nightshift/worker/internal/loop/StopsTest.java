package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class StopsTest {
  private static final Instant AT = Instant.parse("2030-01-01T12:00:00Z");
  private static final String TOPIC = TopicPlan.standard().shared("tenants");
  private static final Canvas ONE = new Canvas("one", 1, TOPIC, "workers", false);
  private static final Canvas TWO = new Canvas("two", 1, TOPIC, "workers", false);

  private final Partition partition =
      new Partition(
          new TopicPartition(TOPIC, 0),
          1,
          Partition.Kind.EVENTS,
          Ledger.empty(new Uuid(1, 2), 0),
          "");

  @Test
  void a_topic_that_canvases_share_is_read_until_all_that_are_there_are_stopped() {
    ControlView view = ControlView.EMPTY.with(ONE).with(TWO);
    assertFalse(stops(view));
    view = view.with(block("one"));
    assertFalse(stops(view));
    assertTrue(stops(view.with(block("two"))));
    assertFalse(stops(view.with(TWO.deleted(false))), "what is deleted ends");
    view = view.with(TWO.deleted(true));
    assertTrue(stops(view));
    assertFalse(stops(view.with(ONE.deleted(true))), "what comes late ends");
  }

  private boolean stops(ControlView view) {
    return new Stops(view, AT).stops(partition);
  }

  private static Flag block(String canvas) {
    return new Flag(
        "of " + canvas, FlagKind.BLOCK, Scope.canvas(canvas), 1, "ann", "", AT, Optional.empty());
  }
}
