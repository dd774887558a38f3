package dev.nightshift.worker.internal.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a worker says of itself and hears of others, on a broker of each test's own.
@Timeout(240)
class FleetPeersTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  /// Who starts next, or waits for all, reads it at once.
  @Test
  void a_worker_is_known_of_before_it_goes_on() {
    try (LocalKafka kafka = started();
        FleetPeers one = peers(kafka, "one", "shop/mail");
        FollowedLog<WorkersView> late = log(kafka)) {
      assertEquals(List.of("one"), late.view().live().stream().map(WorkerBeat::worker).toList());
    }
  }

  @Test
  void a_beat_that_cannot_be_stored_is_no_start() {
    try (LocalKafka kafka = started();
        FollowedLog<WorkersView> log = log(kafka)) {
      kafka.close();
      assertThrows(
          TimeoutException.class,
          () -> peers(kafka, log, Duration.ofSeconds(3), "one", "shop/mail"));
    }
  }

  @Test
  void a_handler_of_another_queue_is_its_own_or_a_live_worker_s() {
    try (LocalKafka kafka = started();
        FleetPeers one = peers(kafka, "one", "shop/mail", "bank/pay", "bank/book")) {
      await("it hears that it is alone", () -> !one.announceOther("shop", "mail"));
      assertTrue(one.announceOther("bank", "pay"), "it has one itself, heard or not");
      try (FleetPeers two = peers(kafka, "two", "shop/bill")) {
        await("it hears of the other", () -> one.announceOther("shop", "mail"));
        assertTrue(two.announceOther("shop", "bill"));
      }
      await("it hears that the other has left", () -> !one.announceOther("shop", "mail"));
    }
  }

  /// What cannot be known may be: a backlog makes way for whom nobody has heard of.
  @Test
  void where_nothing_is_heard_there_may_be_others() {
    try (LocalKafka kafka = started();
        FleetPeers one = peers(kafka, "one", "shop/mail")) {
      await("it hears that it is alone", () -> !one.announceOther("shop", "mail"));
      kafka.close();
      await("it knows that it hears nothing", () -> one.announceOther("shop", "mail"));
    }
  }

  private static LocalKafka started() {
    LocalKafka kafka = LocalKafka.start();
    try (Fleet fleet = Fleet.of(client(kafka), PLAN, Duration.ofSeconds(20))) {
      fleet.init(OptionalInt.of(1));
    }
    return kafka;
  }

  private static FleetPeers peers(LocalKafka kafka, String name, String... handlers) {
    return peers(kafka, log(kafka), ANSWER_MAX, name, handlers);
  }

  private static FleetPeers peers(
      LocalKafka kafka,
      FollowedLog<WorkersView> log,
      Duration storedMax,
      String name,
      String... handlers) {
    Set<QueueName> queues =
        Stream.of(handlers)
            .map(each -> each.split("/"))
            .map(each -> new QueueName(each[0], each[1]))
            .collect(Collectors.toSet());
    FleetPeers.Self self = new FleetPeers.Self(new WorkerIdentity(name, "here"), "1", queues, 10);
    return new FleetPeers(client(kafka), PLAN, self, log, storedMax);
  }

  private static FollowedLog<WorkersView> log(LocalKafka kafka) {
    return WorkersLog.start(client(kafka), PLAN, ANSWER_MAX);
  }

  private static Map<String, Object> client(LocalKafka kafka) {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 90 s: " + what);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
