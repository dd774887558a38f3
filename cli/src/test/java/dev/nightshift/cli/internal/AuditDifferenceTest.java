package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditDifferenceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          every 90s into q, missed once, overlap skip | every 90s into q, missed all, overlap skip | missed once | missed all
          @daily (UTC) into q, missed once            | every 90s into post, missed once           | @daily (UTC) into q | every 90s into post
          generation 1, topic t, active               | generation 1, topic t, deleted             | active | deleted
          1 to 16 workers, target 1m                  | 2 to 16 workers, target 1m                 | 1 to 16 workers | 2 to 16 workers
          none                                        | every 90s into q, missed all               | none | every 90s into q, missed all
          every 90s into q, missed all                | every 90s into q, missed all, paused by a  | - | paused by a
          x, paused by a: moved into db, all          | x, paused by b: moved into db, all         | paused by a: moved into db, all | paused by b: moved into db, all
          on, 3 events in 10m                         | on, 3 events in 10m                        | on, 3 events in 10m | on, 3 events in 10m
          """)
  void only_what_has_changed_is_shown(String before, String after, String gone, String come) {
    assertEquals(new AuditDifference(gone, come), AuditDifference.of(before, after));
  }
}
