package dev.nightshift.common.dead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterPlanTest {
  @Test
  void of_more_than_are_wanted_the_oldest_that_can_go_are_taken() {
    LetterPlan plan = plan(OptionalLong.of(2));
    for (int minutes : List.of(9, 3, 7, 5)) {
      plan.add(letter(minutes, "mail"), LetterState.OPEN);
    }
    plan.add(letter(1, "broken"), LetterState.OPEN);
    plan.close();
    List<LetterId> letters = new ArrayList<>();
    plan.letters().forEach(letters::add);
    assertEquals(List.of(new LetterId(0, 3), new LetterId(0, 5)), letters);
    assertEquals(2, plan.beyond());
    assertEquals(Map.of("shop/mail", 2L), plan.byTarget());
    assertEquals(Map.of("broken", 1L), plan.stays().byReason());
    assertEquals(List.of(new Stays.Stay(new LetterId(0, 1), "broken")), plan.stays().named());
  }

  @Test
  void what_is_done_is_not_done_again() {
    LetterPlan plan = plan(OptionalLong.empty());
    plan.add(letter(1, "mail"), LetterState.REDRIVEN);
    plan.add(letter(2, "mail"), LetterState.DISCARDED);
    plan.add(letter(3, "pay"), LetterState.OPEN);
    plan.close();
    assertEquals(1, plan.count());
    assertEquals(2, plan.already());
    assertEquals(Map.of("shop/pay", 1L), plan.byTarget());
  }

  @Test
  void very_many_that_stay_are_counted_and_some_are_named() {
    Stays stays = new Stays();
    for (int i = 0; i < 5_000; i++) {
      stays.add(new LetterId(0, i), "reason " + i % 200);
    }
    assertEquals(5_000, stays.count());
    assertEquals(Stays.NAMED_MAX, stays.named().size());
    assertEquals(101, stays.byReason().size());
    assertEquals(5_000, stays.byReason().values().stream().mapToLong(n -> n).sum());
  }

  @Test
  void a_filter_takes_what_fits_all_of_it() {
    Letter letter = letter(5, "mail");
    assertTrue(LetterFilter.ALL.takes(letter));
    assertTrue(filter("shop", "mail", "exhausted").takes(letter));
    assertTrue(filter("shop", "mail", "Worker W2").takes(letter));
    assertFalse(filter("shop", "mail", "timed out").takes(letter));
    assertFalse(filter("shop", "pay", "exhausted").takes(letter));
    assertFalse(filter("bank", "mail", "exhausted").takes(letter));
    assertEquals("canvas shop, queue mail, reason 'x'", filter("shop", "mail", "x").text());
    assertEquals("all", LetterFilter.ALL.text());
    for (int minutes = 4; minutes <= 6; minutes++) {
      LetterFilter since =
          new LetterFilter(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(Letters.NOON.plusSeconds(60L * minutes)),
              Optional.empty());
      LetterFilter until =
          new LetterFilter(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              since.since());
      assertEquals(minutes <= 5, since.takes(letter));
      assertEquals(minutes > 5, until.takes(letter));
    }
  }

  private static LetterFilter filter(String canvas, String queue, String reason) {
    return new LetterFilter(
        Optional.of(canvas),
        Optional.of(queue),
        Optional.of(reason),
        Optional.empty(),
        Optional.empty());
  }

  private static Letter letter(int minutes, String queue) {
    Map<String, @Nullable String> headers = Letters.exhausted("e" + minutes);
    headers.put("ce_type", queue);
    return Letters.letter(
        new LetterId(0, minutes),
        Letters.NOON.plusSeconds(60L * minutes),
        headers,
        Letters.shop(1, false));
  }

  private static LetterPlan plan(OptionalLong max) {
    return new LetterPlan(
        LetterState.REDRIVEN,
        new LetterChoice(List.of(), LetterFilter.ALL, max),
        Uuid.randomUuid(),
        letter ->
            letter.queue().equals(Optional.of("broken"))
                ? Optional.of("broken")
                : Optional.empty());
  }
}
