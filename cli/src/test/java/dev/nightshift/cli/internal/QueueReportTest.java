package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Limit;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueReportTest {
  private static final QueueReport.Counted NOTHING =
      new QueueReport.Counted(new TreeMap<>(), true, true);
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final QueueName MAIL = new QueueName("shop", "mail");
  private static final Canvas SHOP = new Canvas("shop", 1, "t.shop", "g", false);
  private static final Dropped NONE = new Dropped(new TreeMap<>(), true, Set.of());

  @Test
  void all_that_stops_or_limits_a_queue_is_in_its_state() {
    assertState("active", "active", List.of(), Optional.empty());
    assertState("paused, blocked", "paused, blocked", flags(), Optional.empty());
    assertState("limited 5", "limited", List.of(), limit(5, null, null));
    assertState(
        "paused, limited 10/s", "paused, limited", flags().subList(1, 2), limit(0, 10.0, null));
    assertState(
        "paused, blocked, limited 5, 0.5/s, timeout 30s",
        "paused, blocked, limited",
        flags(),
        limit(5, 0.5, Duration.ofSeconds(30)));
  }

  @Test
  void a_canvas_that_is_gone_has_no_other_state() {
    Canvas deleted = SHOP.deleted(true);
    assertEquals(
        "canvas deleted", cell(report(Optional.of(deleted), flags(), limit(5, null, null))));
    assertEquals("no canvas", cell(report(Optional.empty(), flags(), limit(5, null, null))));
  }

  @Test
  void how_many_were_dropped_is_said_as_far_as_it_is_known() {
    assertDropped("0", "0 of the last 24h", 0, true);
    assertDropped("1,200", "1,200 of the last 24h", 1_200, true);
    assertDropped(">= 1,200", ">= 1,200 of the last 24h", 1_200, false);
    assertDropped("-", "none was seen, but not all of the last 24h was looked at", 0, false);
  }

  @Test
  void a_bound_that_says_nothing_is_not_shown() {
    assertCounts("3 3 0 0 0 0", "3", "0", depth(3, 0), true, true);
    assertCounts(">= 3 3 0 0 0 -", "3", "none so far", depth(3, 0), false, true);
    assertCounts(">= 5 3 0 0 0 >= 2", "3", ">= 2", depth(3, 2), false, true);
    assertCounts(">= 3 >= 3 - - - -", ">= 3", "none so far", depth(3, 0), false, false);
    assertCounts("- - - - - -", "none so far", "none so far", QueueDepth.NONE, false, false);
  }

  private static QueueDepth depth(long waiting, long delayed) {
    return new QueueDepth(waiting, 0, 0, 0, delayed, Optional.empty());
  }

  private static void assertCounts(
      String cells,
      String waiting,
      String delayed,
      QueueDepth depth,
      boolean exact,
      boolean exactButDelayed) {
    QueueReport report = report(depth, exact, exactButDelayed, NONE);
    assertEquals(cells, String.join(" ", report.row(NOON).cells().subList(2, 8)));
    String text = report.text(NOON);
    assertTrue(text.contains("\n  waiting   " + waiting + "\n"), text);
    assertTrue(text.contains("\n  delayed   " + delayed + "\n"), text);
  }

  @Test
  void a_queue_that_nothing_is_known_of_is_remarked_on_if_somebody_works() {
    Dropped working = new Dropped(new TreeMap<>(), true, Set.of(new QueueName("shop", "mial")));
    assertEquals(
        Optional.of(
            "nothing waits in shop/mail, nothing is set for it, and no live worker has a handler for"
                + " it; did you mean shop/mial?"),
        report(QueueDepth.NONE, true, true, working).unknown());
    Dropped elsewhere = new Dropped(new TreeMap<>(), true, Set.of(new QueueName("bank", "mail")));
    assertEquals(
        Optional.of(
            "nothing waits in shop/mail, nothing is set for it, and no live worker has a handler for"
                + " it"),
        report(QueueDepth.NONE, true, true, elsewhere).unknown());
    assertEquals(Optional.empty(), report(QueueDepth.NONE, false, true, working).unknown());
    assertEquals(Optional.empty(), report(depth(0, 1), true, true, working).unknown());
    assertEquals(Optional.empty(), report(QueueDepth.NONE, true, true, NONE).unknown());
    Dropped handled = new Dropped(new TreeMap<>(), true, Set.of(MAIL));
    assertEquals(Optional.empty(), report(QueueDepth.NONE, true, true, handled).unknown());
    assertEquals(
        Optional.empty(), report(Optional.of(SHOP), List.of(), limit(5, null, null)).unknown());
  }

  private static QueueReport report(
      QueueDepth depth, boolean exact, boolean exactButDelayed, Dropped dropped) {
    return new QueueReport(
        MAIL,
        Optional.of(SHOP),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        QueueReport.Guard.NONE,
        depth,
        exact,
        exactButDelayed,
        dropped);
  }

  private static void assertDropped(String cell, String line, long count, boolean all) {
    SortedMap<QueueName, Long> counts = new TreeMap<>();
    if (count > 0) {
      counts.put(MAIL, count);
    }
    QueueReport report = report(QueueDepth.NONE, true, true, new Dropped(counts, all, Set.of()));
    assertEquals(
        cell, report.row(NOON).cells().get(QueueReport.COLUMNS.usual().indexOf("DROPPED")));
    assertTrue(report.text(NOON).contains("\ndropped     " + line + "\n"), report.text(NOON));
    assertEquals(
        "{count=" + count + ", exact=" + all + ", withinSeconds=86400}",
        String.valueOf(report.fields().get("dropped")));
  }

  @Test
  void a_queue_that_a_live_worker_has_a_handler_for_is_shown_before_its_first_event() {
    Canvas gone = new Canvas("gone", 1, "t.gone", "g", true);
    Set<QueueName> handled =
        Set.of(MAIL, new QueueName("gone", "mail"), new QueueName("new", "mail"));
    ControlView view = ControlView.EMPTY.with(SHOP).with(gone);
    Dropped dropped = new Dropped(new TreeMap<>(), true, handled);
    assertEquals(
        List.of("new/mail no canvas 0", "shop/mail active 0"),
        QueueReport.of(Scope.all(), view, NOTHING, dropped, NOON).stream()
            .map(each -> String.join(" ", each.row(NOON).cells().subList(0, 3)))
            .toList());
  }

  @Test
  void a_queue_that_is_tried_after_its_breakers_block_is_on_trial() {
    Flag block =
        new Flag(
            "breaker/shop/1/mail/e3/4",
            FlagKind.BLOCK,
            Scope.queue("shop", "mail"),
            1,
            "nightshift",
            "why",
            NOON,
            Optional.of(NOON.plusSeconds(60)));
    ControlView view = ControlView.EMPTY.builder().put(SHOP).put(block).build();
    assertEquals("blocked", cell(only(view, NOON.plusSeconds(59))));
    QueueReport tried = only(view, NOON.plusSeconds(60));
    assertEquals("on trial", cell(tried));
    assertEquals(
        "            one event at once runs; it was blocked by nightshift since"
            + " 2026-01-02T12:00:00Z until 2026-01-02T12:01:00Z: why",
        tried.text(NOON).lines().toList().get(2));
  }

  private static QueueReport only(ControlView view, Instant now) {
    return QueueReport.of(Scope.all(), view, NOTHING, NONE, now).get(0);
  }

  private static void assertState(
      String cell, String word, List<Flag> flags, Optional<Limit> limit) {
    QueueReport report = report(Optional.of(SHOP), flags, limit);
    assertEquals(cell, cell(report));
    assertEquals(word, report.fields().get("state"));
    assertEquals("state       " + word, report.text(NOON).lines().toList().get(1));
  }

  private static String cell(QueueReport report) {
    return report.row(NOON).cells().get(QueueReport.COLUMNS.usual().indexOf("STATE"));
  }

  private static QueueReport report(
      Optional<Canvas> canvas, List<Flag> flags, Optional<Limit> limit) {
    return new QueueReport(
        MAIL,
        canvas,
        flags,
        Optional.empty(),
        limit,
        QueueReport.Guard.NONE,
        QueueDepth.NONE,
        true,
        true,
        NONE);
  }

  // Blocks first, as a view has them.
  private static List<Flag> flags() {
    return List.of(flag(FlagKind.BLOCK), flag(FlagKind.PAUSE));
  }

  private static Flag flag(FlagKind kind) {
    return new Flag("id", kind, Scope.queue("shop", "mail"), 1, "ada", "", NOON, Optional.empty());
  }

  private static Optional<Limit> limit(
      int concurrency, @Nullable Double perSecond, @Nullable Duration timeout) {
    return Optional.of(
        new Limit(
            "shop",
            1,
            "mail",
            Optional.of(concurrency).filter(value -> value > 0),
            Optional.ofNullable(perSecond),
            Optional.ofNullable(timeout)));
  }
}
