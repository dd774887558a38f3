package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchStartTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void the_time_in_an_id_is_where_to_begin_less_what_clocks_may_differ() {
    assertEquals(
        "2026-01-02T08:23:30Z (the time in the id less 10 minutes)",
        text("019b7dd7-26d0-7000-8000-000000000000", Optional.empty()));
  }

  @Test
  void a_time_to_come_counts_as_now_and_one_long_ago_as_the_beginning() {
    assertEquals(
        "2026-03-01T11:50:00Z (the time in the id less 10 minutes)",
        text("01ffffff-ffff-7000-8000-000000000000", Optional.empty()));
    assertEquals("their beginning", text("00000000-0000-7000-8000-000000000000", Optional.empty()));
  }

  @Test
  void other_ids_have_no_time() {
    for (String id :
        new String[] {
          "order-17",
          "6f1f4f8e-8b5c-4d7e-9c1e-2f6a1f0c9d3b",
          "019b7dd7-26d0-7000-8000-00000000000g",
          "019b7dd726d07000800000000000000000000"
        }) {
      assertEquals(Optional.empty(), SearchStart.timeOf(id), id);
      assertEquals("their beginning", text(id, Optional.empty()));
      assertEquals(
          "2026-03-01T11:00:00Z (the last 1h)", text(id, Optional.of(Duration.ofHours(1))));
    }
  }

  private static String text(String id, Optional<Duration> back) {
    return new SearchStart().of(id, back, NOW).text();
  }
}
