package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlViewTest {
  private static final Canvas SHOP = new Canvas("shop", 1, "t.shop", "g", false);
  private static final Canvas SHOP_DELETED = new Canvas("shop", 1, "t.shop", "g", true);
  private static final Canvas SHOP_AGAIN = new Canvas("shop", 2, "t.shop.2", "g", false);
  private static final Canvas BANK = new Canvas("bank", 1, "t.bank", "other", false);

  @Test
  void theNewestGenerationOfACanvasCounts() {
    ControlView view = ControlView.EMPTY.with(SHOP_AGAIN).with(SHOP_DELETED);

    assertEquals(Optional.of(SHOP_AGAIN), view.canvas("shop"));
    assertEquals(Optional.of(SHOP_DELETED), view.canvasOf("t.shop", Optional.empty()));
    assertEquals(Set.of("t.shop", "t.shop.2"), view.topics("g"));
  }

  @Test
  void anEventOfASharedTopicIsOfTheCanvasThatItNames() {
    Canvas one = new Canvas("one", 1, "t.events.shared.s", "g", false, false);
    Canvas two = new Canvas("two", 1, "t.events.shared.s", "g", true, true);
    ControlView alone = ControlView.EMPTY.with(one);
    ControlView both = alone.with(two);

    assertEquals(Optional.of(one), alone.canvasOf("t.events.shared.s", Optional.of("one")));
    assertEquals(Optional.empty(), alone.canvasOf("t.events.shared.s", Optional.of("two")));
    assertEquals(Optional.empty(), alone.canvasOf("t.events.shared.s", Optional.empty()));
    assertEquals(Optional.of(one), both.canvasOf("t.events.shared.s", Optional.of("one")));
    assertEquals(Optional.of(two), both.canvasOf("t.events.shared.s", Optional.of("two")));
    assertEquals(Set.of(one, two), Set.copyOf(both.canvasesOf("t.events.shared.s")));
    assertEquals(Optional.of(SHOP), alone.with(SHOP).canvasOf("t.shop", Optional.of("one")));
  }

  @Test
  void aSharedTopicIsReadForGoodAndIsNoCanvassOwn() {
    Canvas gone = new Canvas("one", 1, "t.events.shared.s", "g", true, true);
    Lane lane = new Lane("one", 1, "mail", "t.lane", 6);
    ControlView view = ControlView.EMPTY.with(gone).with(lane);

    assertEquals(Set.of("t.events.shared.s"), view.topics("g"));
    assertEquals(Set.of("t.lane"), view.topics(gone));
    assertEquals(Set.of("t.shop"), view.with(SHOP).topics(SHOP));
  }

  @Test
  void theTopicOfAGenerationStaysWhatWasSaidFirst() {
    Canvas late = new Canvas("shop", 1, "t.events.shared.s", "g", false, false);
    ControlView view = ControlView.EMPTY.with(SHOP);

    assertSame(view, view.with(late));
    assertEquals(Optional.of(SHOP_DELETED), view.with(late.deleted(false)).canvas("shop"));
    assertEquals(Optional.of(SHOP.deleted(true)), view.with(late.deleted(true)).canvas("shop"));
  }

  @Test
  void aDeletedGenerationStaysDeleted() {
    ControlView view = ControlView.EMPTY.with(SHOP).with(SHOP_DELETED);

    assertEquals(Optional.of(SHOP_DELETED), view.with(SHOP).canvas("shop"));
    assertSame(view, view.with(SHOP));
  }

  @Test
  void aTombstoneTakesTheRecordAway() {
    ControlView view = ControlView.EMPTY.with(SHOP).with(BANK).without("canvas/shop/1");

    assertEquals(Optional.empty(), view.canvas("shop"));
    assertEquals(Set.of("t.bank"), view.topics("other"));
  }

  @Test
  void theVersionGrowsWithEachChangeAndOnlyThen() {
    ControlView view = ControlView.EMPTY.builder().put(SHOP).put(BANK).put(BANK).build();

    assertEquals(2, view.version());
    assertSame(view, view.builder().put(SHOP).remove("canvas/none/1").build());
    assertEquals(3, view.without("canvas/bank/1").version());
  }

  @Test
  void whatIsRememberedOfALiftedFlagStopsNothingAndIsNoReasonToLookAgain() {
    Instant at = Instant.parse("2026-01-02T03:04:05Z");
    Flag flag = new Flag("1", FlagKind.PAUSE, Scope.all(), 0, "ada", "", at, Optional.empty());
    LiftedFlag lifted = new LiftedFlag("1", at.plusSeconds(60));
    ControlView set = ControlView.EMPTY.with(flag);
    ControlView after = set.with(lifted);

    assertEquals(List.of(), after.flags().all());
    assertEquals(2, after.version());
    assertEquals(List.of(), after.flagsLiftedBy(at.plusSeconds(60).minusNanos(1)));
    assertEquals(List.of(lifted), after.flagsLiftedBy(at.plusSeconds(60)));
    ControlView gone = after.without("flag/1");
    assertEquals(List.of(), gone.flagsLiftedBy(Instant.MAX));
    assertEquals(2, gone.version());
    assertEquals(List.of(lifted), ControlView.EMPTY.with(lifted).flagsLiftedBy(Instant.MAX));
    assertEquals(0, ControlView.EMPTY.with(lifted).version());
    assertEquals(List.of(flag), after.with(flag).flags().all(), "set again under the same key");
    assertEquals(3, after.with(flag).version());
  }

  @Test
  void whatIsSaidOfAWorkerByNameBeatsWhatIsSaidOfAll() {
    ControlView all = ControlView.EMPTY.builder().put(new Concurrency("*", Optional.of(6))).build();
    ControlView one = all.builder().put(new Concurrency("w", Optional.of(3))).build();

    assertEquals(Optional.of(6), all.concurrencyOf("w"));
    assertEquals(Optional.of(3), one.concurrencyOf("w"));
    assertEquals(Optional.of(6), one.concurrencyOf("v"));
    assertEquals(
        Optional.of(6),
        one.builder().put(new Concurrency("w", Optional.empty())).build().concurrencyOf("w"));
    assertEquals(Optional.empty(), ControlView.EMPTY.concurrencyOf("w"));
  }

  @Test
  void aBuilderLeavesTheViewItStartedFromAlone() {
    ControlViewBuilder builder = ControlView.EMPTY.builder().put(SHOP);
    ControlView first = builder.build();
    builder.put(BANK);

    assertEquals(Optional.empty(), first.canvas("bank"));
    assertEquals(2, builder.build().version());
    assertTrue(ControlView.EMPTY.canvases().isEmpty());
  }

  @Test
  void aRecordsClaimCountsOnlyIfItsCanvasNamesTheTopic() {
    Canvas sharing = new Canvas("tiny", 1, "t.shop", "g", false);
    ControlView view = ControlView.EMPTY.with(SHOP).with(sharing).with(BANK);

    assertEquals(Optional.of(sharing), view.canvasOf("t.shop", Optional.of("tiny")));
    assertEquals(Optional.empty(), view.canvasOf("t.shop", Optional.of("bank")));
    assertEquals(Optional.of(BANK), view.canvasOf("t.bank", Optional.of("shop")));
  }
}
