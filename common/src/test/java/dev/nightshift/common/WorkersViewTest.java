package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkersViewTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void whoIsSilentWhileOthersAreNotIsDead() {
    WorkersView view = WorkersView.EMPTY.with(said("one", 0)).with(said("two", 11));

    assertEquals(List.of("two"), names(view.live()));
    assertEquals(List.of("one", "two"), names(view.with(said("one", 1)).live()));
  }

  @Test
  void whereAllAreSilentThisMachinesClockCounts() {
    WorkersView view = WorkersView.EMPTY.with(said("one", 0)).with(said("two", 10));

    assertEquals(List.of("one", "two"), names(view.live()));
    assertEquals(List.of("one", "two"), names(view.live(NOON.plusSeconds(19))));
    assertEquals(List.of("two"), names(view.live(NOON.plusSeconds(20))));
    assertEquals(List.of(), names(view.live(NOON.plusSeconds(30))));
  }

  @Test
  void whoCountsAsDeadIsShownAsSilentForAWhile() {
    WorkersView view = WorkersView.EMPTY.with(said("one", 0)).with(said("two", 5));

    assertEquals(List.of("one running", "two running"), states(view, 9));
    assertEquals(List.of("one silent", "two running"), states(view, 10));
    assertEquals(List.of("one silent", "two silent"), states(view, 15));
    assertEquals(List.of("two silent"), states(view, 20));
    assertEquals(List.of(), states(view, 25));
    assertEquals(
        List.of("one silent", "three running"),
        states(view.without("two").with(said("three", 11)), 9));
  }

  @Test
  void anotherQueueOfACanvasIsAnnouncedByWhoeverLives() {
    WorkersView view =
        WorkersView.EMPTY
            .with(said("one", 0, "shop/mail", "kiosk/mail", "kiosk/bill"))
            .with(said("two", 5, "shop/mail"));

    assertTrue(view.announces("shop", "mail"));
    assertFalse(view.announces("shop", "bill"));
    assertFalse(view.announcesOther("shop", "mail"));
    assertTrue(view.announcesOther("shop", "bill"));
    assertTrue(view.announcesOther("kiosk", "mail"));
    assertFalse(view.announcesOther("bar", "mail"));

    WorkersView later = view.with(said("two", 11, "shop/mail", "shop/bill"));
    assertTrue(later.announcesOther("shop", "mail"));
    assertFalse(later.announcesOther("kiosk", "mail"), "who had its handlers is dead");
    assertFalse(view.without("one").announcesOther("kiosk", "mail"));
  }

  private static List<String> states(WorkersView view, long second) {
    return view.lately(NOON.plusSeconds(second)).stream()
        .map(beat -> beat.worker() + " " + beat.state())
        .toList();
  }

  private static List<String> names(List<WorkerBeat> beats) {
    return beats.stream().map(WorkerBeat::worker).toList();
  }

  private static WorkerBeat said(String worker, long second, String... handlers) {
    return new WorkerBeat(
        worker,
        "host",
        "running",
        NOON,
        10,
        0,
        0,
        Stream.of(handlers).map(WorkersViewTest::name).collect(Collectors.toSet()),
        "1.0",
        1,
        NOON.plusSeconds(second));
  }

  private static QueueName name(String text) {
    String[] parts = text.split("/");
    return new QueueName(parts[0], parts[1]);
  }
}
