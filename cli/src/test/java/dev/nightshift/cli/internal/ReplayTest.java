package dev.nightshift.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.CommandException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final Cluster cluster = new Cluster("h:1", Duration.ofSeconds(10));
  private final Canvas shop = new Canvas("shop", 1, "events.shop", "workers", false);
  private final Replay replay = new Replay(new Trace());

  @Test
  void a_copy_that_nobody_confirmed_may_be_stored() {
    RuntimeException failure = replay.failure(cluster, shop, new TimeoutException());
    assertInstanceOf(CommandException.class, failure);
    assertEquals(
        "cannot emit event "
            + replay.id()
            + " into events.shop: Kafka at h:1 did not answer within 10 s (TimeoutException). Check"
            + " that the brokers run and that bootstrap.servers is right; a TLS or SASL listener"
            + " also wants its settings in the client configuration. The copy may be stored: before"
            + " you replay again, look for it with: nightshift event get "
            + replay.id(),
        failure.getMessage());
  }

  @Test
  void one_that_is_refused_is_not_stored() {
    RuntimeException failure = replay.failure(cluster, shop, new TopicAuthorizationException("no"));
    assertInstanceOf(FleetException.Refused.class, failure);
    assertFalse(String.valueOf(failure.getMessage()).contains("may be stored"));
  }
}
