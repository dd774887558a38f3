package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {
  private static final Map<String, Object> CLIENT = Map.of("bootstrap.servers", "localhost:9092");

  @Test
  void the_bounds_themselves_are_allowed() {
    settings(CLIENT, "w", 1, WorkerSettings.GRACE_MIN, List.of(Duration.ZERO), OptionalInt.of(1));
    settings(
        CLIENT,
        "w".repeat(WorkerSettings.NAME_CHARS_MAX),
        WorkerSettings.SLOTS_MAX,
        WorkerSettings.GRACE_MAX,
        Collections.nCopies(4, WorkerSettings.RETRY_DELAY_MAX),
        OptionalInt.empty());
  }

  @Test
  void all_that_is_not_allowed_is_said_at_once() {
    WorkerException.WrongSettings wrong =
        assertThrows(
            WorkerException.WrongSettings.class,
            () ->
                settings(
                    Map.of("session.timeout.ms", "6s"),
                    "a/b",
                    0,
                    Duration.ofSeconds(-1),
                    List.of(Duration.ofDays(8)),
                    OptionalInt.of(0)));
    assertEquals(
        """
        the worker's settings are wrong:
        - bootstrap.servers is missing: say HOST:PORT of the Kafka cluster
        - session.timeout.ms '6s' is not allowed: a whole number of milliseconds, from 1
        - name 'a/b' is not allowed: 1 to 253 of A-Z, a-z, 0-9, '.', '_' and '-'
        - concurrency 0 is not allowed: 1 to 100,000 handlers at once
        - grace period -1s is not allowed: 1s to 24h
        - retry delay 8d is not allowed: 0s to 7d
        - replication 0 is not allowed: 1 or more copies, or none said for the brokers' default\
        """,
        wrong.getMessage());
    assertEquals(7, wrong.problems().size());
  }

  @Test
  void as_many_delays_as_there_are_attempts_to_lose() {
    for (int count : List.of(0, 5)) {
      assertEquals(
          List.of(
              count + " retry delays are not allowed: 1 to 4, as an event has 5 attempts in all"),
          assertThrows(
                  WorkerException.WrongSettings.class,
                  () ->
                      settings(
                          CLIENT,
                          "w",
                          1,
                          Duration.ofSeconds(25),
                          Collections.nCopies(count, Duration.ZERO),
                          OptionalInt.of(1)))
              .problems());
    }
  }

  private static WorkerSettings settings(
      Map<String, Object> client,
      String name,
      int slots,
      Duration grace,
      List<Duration> delays,
      OptionalInt replication) {
    return new WorkerSettings(
        client,
        TopicPlan.standard(),
        name,
        Path.of("handlers"),
        false,
        slots,
        grace,
        delays,
        replication,
        TraceLevel.ON);
  }
}
