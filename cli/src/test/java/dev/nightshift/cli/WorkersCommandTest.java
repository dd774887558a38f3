package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.QueueName;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(EventFleets.class)
class WorkersCommandTest {
  @Test
  void a_worker_that_died_is_silent_and_then_forgotten(EventFleet fleet) {
    fleet.beatAgo(Duration.ofSeconds(12), "died");
    fleet.beatAgo(Duration.ofSeconds(25), "gone");
    Said alone = fleet.run("workers", "list");
    assertTrue(
        alone
            .out()
            .matches(
                "NAME +HOST +STATE +RUNNING +SLOTS +HANDLERS +UP +SAID\n"
                    + "died +h1 +silent +1 +10 +0 +\\ds +1\\ds ago\n"),
        alone.out());
    assertEquals("nightshift: no worker lives; start one with: nightshift worker\n", alone.err());
    fleet.beatAgo(Duration.ofSeconds(12), "died");
    fleet.beatAgo(Duration.ZERO, "lives");
    Said both = fleet.run("workers", "list", "-o", "jsonl");
    assertTrue(
        both.out()
            .matches(
                "\\{\"schemaVersion\":1,\"name\":\"died\",\"host\":\"h1\",\"state\":\"silent\",.*}\n"
                    + "\\{\"schemaVersion\":1,\"name\":\"lives\",\"host\":\"h1\",\"state\":\"running\",.*}\n"),
        both.out());
    assertEquals("", both.err());
  }

  @Test
  void the_queues_of_its_handlers_are_there_before_their_first_event(EventFleet fleet) {
    fleet.beat("w1", new QueueName("shop", "mail"), new QueueName("new", "mail"));
    assertEquals(
        new Said(0, "new/mail\nshop/mail\n", ""), fleet.run("queue", "list", "-o", "name"));
    assertEquals(
        new Said(0, "shop/mail\n", ""), fleet.run("queue", "list", "shop/*", "-o", "name"));
  }
}
