package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetLanesTest {
  private static final Cause ADA = FleetBroker.ADA;

  private static FleetBroker broker;

  @BeforeAll
  static void start() {
    broker = new FleetBroker();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void a_deleted_canvas_gets_no_lanes_any_more() throws Exception {
    try (Fleet fleet = broker.fleet("nolane.")) {
      fleet.init(OptionalInt.of(1));
      Canvas shop = fleet.createCanvas("shop", 1, OptionalInt.of(1), ADA).after();
      fleet.deleteCanvas("shop", ADA);
      assertEquals(
          "canvas shop (generation 1) was deleted: no lane is made for its queue mail any more, its"
              + " events end as canvas_deleted",
          assertThrows(FleetException.UnknownCanvas.class, () -> fleet.createLane(shop, "mail"))
              .getMessage());
      assertFalse(broker.topicsOf("nolane.").contains("nolane.lane.shop.1.mail"));
    }
  }

  /// A worker looks, finds no lane and stands still; the others take it for dead, and the canvas
  /// goes with its topics. Then it makes the lane that it wanted.
  @Test
  void who_slept_through_the_deletion_of_a_canvas_makes_no_topic_of_a_name_that_was_used()
      throws Exception {
    String topic = "late.lane.shop.1.mail";
    String refused =
        "canvas shop (generation 1) was deleted: no lane is made for its queue mail any more, its"
            + " events end as canvas_deleted";
    try (Fleet sleeper = broker.fleet("late.");
        Fleet others = broker.fleet("late.");
        CanvasRemoval removal =
            CanvasRemoval.of(broker.client(), new TopicPlan("late."), Duration.ofSeconds(20))) {
      others.init(OptionalInt.of(1));
      Canvas shop = FleetBroker.create(others, "shop");
      assertEquals(Optional.empty(), sleeper.view().lane(shop, "mail"));

      assertEquals(topic, others.createLane(shop, "mail").topic());
      Canvas deleted = others.deleteCanvas("shop", ADA).after();
      assertEquals(
          refused,
          assertThrows(FleetException.UnknownCanvas.class, () -> sleeper.makeLane(shop, "mail"))
              .getMessage());
      assertTrue(broker.topicsOf("late.").contains(topic), "events may still wait there");

      removal.leave(deleted);
      assertTrue(removal.delete(others.view(), deleted));
      FleetBroker.await(() -> !broker.topicsOf("late.").contains(topic));
      long written = others.view().offset();
      assertEquals(
          refused,
          assertThrows(FleetException.UnknownCanvas.class, () -> sleeper.makeLane(shop, "mail"))
              .getMessage());
      FleetBroker.await(() -> !broker.topicsOf("late.").contains(topic));
      assertEquals(written, others.view().offset(), "it wrote a record");
    }
  }
}
