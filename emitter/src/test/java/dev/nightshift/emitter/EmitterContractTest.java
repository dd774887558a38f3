package dev.nightshift.emitter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a caller may rely on when something is in the way: which error it is, what a thread may do,
/// and that nothing hangs.
@Timeout(120)
class EmitterContractTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static LocalKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void start() {
    kafka =
        LocalKafka.start(
            LocalKafka.Settings.defaults()
                .with(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true"));
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  // --- interrupts

  @Test
  void an_interrupted_thread_stays_so_and_its_event_says_so() {
    try (Emitter emitter = Emitter.connect(settings("interrupt"))) {
      Thread.currentThread().interrupt();
      CompletableFuture<Emitted> emitted = emitter.emit("quakes", "assess", "x");
      assertTrue(Thread.interrupted());
      assertEquals(
          "the thread was interrupted before the event was handed to Kafka's client. Nothing was"
              + " stored",
          refused(EmitException.Interrupted.class, emitted));

      emitter.emit("quakes", "assess", "x").join();
      Thread.currentThread().interrupt();
      emitted = emitter.emit("quakes", "assess", "nothing to wait for");
      assertTrue(Thread.interrupted());
      emitted.join();
    }
  }

  @Test
  void an_interrupt_ends_the_wait_for_room() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Emitter emitter = Emitter.connect(settings("room").withBound(1_024, SOON))) {
      hold(emitter, goOn);
      CompletableFuture<Emitted> takesAll = emitter.emit("quakes", "assess", new byte[2_000]);
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      CompletableFuture<CompletableFuture<Emitted>> next = new CompletableFuture<>();
      Thread waiting =
          new Thread(() -> {
            next.complete(emitter.emit("quakes", "assess", "y"));
            interrupted.complete(Thread.interrupted());
          });
      waiting.start();
      await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
      assertFalse(takesAll.isDone());
      waiting.interrupt();
      refused(EmitException.Interrupted.class, next.get(10, TimeUnit.SECONDS));
      assertTrue(interrupted.get(10, TimeUnit.SECONDS));
      goOn.countDown();
      takesAll.join();
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void an_interrupt_ends_a_flush() {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Emitter emitter = Emitter.connect(settings("flushed"))) {
      hold(emitter, goOn);
      Thread.currentThread().interrupt();
      assertEquals(
          "interrupted while waiting for Kafka to confirm what was emitted; see the futures",
          assertThrows(EmitException.Interrupted.class, emitter::flush).getMessage());
      assertTrue(Thread.interrupted());
      goOn.countDown();
      emitter.flush();
    } finally {
      goOn.countDown();
    }
  }

  // Keeps the thread on which futures complete until told otherwise. What is chained too late runs
  // here, and does not count.
  private static void hold(Emitter emitter, CountDownLatch goOn) {
    Thread here = Thread.currentThread();
    CountDownLatch held = new CountDownLatch(1);
    while (held.getCount() > 0) {
      CompletableFuture<Emitted> emitted = emitter.emit("quakes", "assess", "x");
      CompletableFuture<Void> done =
          emitted.thenRun(() -> {
            if (Thread.currentThread() != here) {
              held.countDown();
              awaitUninterrupted(goOn);
            }
          });
      await(() -> held.getCount() == 0 || done.isDone());
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- a cluster that is away

  @Test
  void whether_there_is_a_canvas_is_not_guessed_while_the_cluster_is_away() throws Exception {
    try (LocalKafka own = LocalKafka.start()) {
      EmitterSettings settings =
          EmitterSettings.of(own.bootstrapServers(), "tests")
              .withConfirmTimeout(Duration.ofSeconds(2));
      Emitter.connect(settings).close();
      try (Emitter creating = Emitter.connect(settings);
          Emitter finding = Emitter.connect(settings.withoutCreatingCanvases())) {
        own.stop();
        for (Emitter emitter : List.of(creating, finding)) {
          String message =
              refused(EmitException.Unreachable.class, emitter.emit("quakes", "assess", "x"));
          assertTrue(
              message.matches(
                  "whether there is a canvas 'quakes' could not be read from 127.0.0.1:\\d+ within"
                      + " 2s \\(.+\\). Nothing was stored; check the brokers and emit it again"),
              message);
        }
      }
    }
  }

  // --- what Kafka refuses

  @Test
  void a_record_too_large_for_the_topic_is_told_apart() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("small"))) {
      emitter.emit("quakes", "assess", "x").join();
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "small.events.quakes");
      AlterConfigOp change =
          new AlterConfigOp(new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
      byte[] random = new byte[5_000];
      new Random(1).nextBytes(random);
      await(() -> emitter.emit("quakes", "assess", random).handle((ok, no) -> no != null).join());
      String message =
          refused(EmitException.PayloadTooLarge.class, emitter.emit("quakes", "assess", random));
      assertTrue(
          message.matches(
              "Kafka refuses event \\S+ for topic small.events.quakes \\(RecordTooLargeException: .+\\)."
                  + " Store large data elsewhere and emit where it is, or raise the topic's"
                  + " max.message.bytes and this client's max.request.size. Nothing was stored"),
          message);
    }
  }

  @Test
  void a_missing_right_is_told_apart() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("guarded"))) {
      emitter.emit("quakes", "assess", "x").join();
      ResourcePattern topic =
          new ResourcePattern(ResourceType.TOPIC, "guarded.events.quakes", PatternType.LITERAL);
      admin
          .createAcls(
              List.of(
                  rule(topic, AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                  rule(topic, AclOperation.WRITE, AclPermissionType.DENY)))
          .all()
          .get();
      await(() -> emitter.emit("quakes", "assess", "x").handle((ok, no) -> no != null).join());
      assertEquals(
          "Kafka refuses event order-1 for topic guarded.events.quakes (TopicAuthorizationException:"
              + " Not authorized to access topics: [guarded.events.quakes]). Grant this client's"
              + " principal the right to write there, or use another principal. Nothing was stored",
          refused(
              EmitException.Refused.class,
              emitter.emit(Emission.ofJson("quakes", "assess", "1").withId("order-1"))));
    }
  }

  private static AclBinding rule(
      ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
  }

  @Test
  void a_topic_that_would_lose_the_canvas_s_events_is_a_refusal() throws Exception {
    try (Fleet fleet =
        Fleet.of(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), new TopicPlan("trim."), SOON)) {
      fleet.init(OptionalInt.of(1));
    }
    admin.createTopics(List.of(new NewTopic("trim.events.quakes", 1, (short) 1))).all().get();
    try (Emitter emitter = Emitter.connect(settings("trim"))) {
      assertEquals(
          "topic trim.events.quakes cannot be used as it is: retention.ms is 604800000, only -1 is"
              + " allowed; events would be removed before they ran. Correct it with:"
              + " kafka-configs.sh --bootstrap-server "
              + kafka.bootstrapServers()
              + " --alter --entity-type topics --entity-name trim.events.quakes --add-config"
              + " retention.ms=-1",
          refused(EmitException.Refused.class, emitter.emit("quakes", "assess", "x")));
    }
  }

  @Test
  void settings_that_kafka_does_not_take_are_said_when_connecting() {
    EmitterSettings wrong =
        settings("wrong")
            .withClientConfig(
                Map.of(
                    "bootstrap.servers",
                    kafka.bootstrapServers(),
                    "max.in.flight.requests.per.connection",
                    "50"));
    String message =
        String.valueOf(
            assertThrows(FleetException.Refused.class, () -> Emitter.connect(wrong)).getMessage());
    assertTrue(message.contains("max.in.flight.requests.per.connection"), message);
  }

  // --- what is chained to futures

  @Test
  void what_is_chained_runs_on_a_thread_of_the_emitters_own() {
    try (Emitter emitter = Emitter.connect(settings("thread"))) {
      Set<String> names = ConcurrentHashMap.newKeySet();
      for (int i = 0; i < 1_000; i++) {
        emitter
            .emit("quakes", "assess", "x")
            .thenRun(() -> names.add(Thread.currentThread().getName().replaceAll("[0-9]+$", "")));
      }
      emitter.flush();
      // What is chained to a future that is complete already runs at once, on this thread.
      names.remove(Thread.currentThread().getName());
      assertEquals(Set.of("nightshift-emitted-"), names);
    }
  }

  @Test
  void callbacks_may_emit_however_little_room_there_is() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("chain").withBound(1_024, SOON))) {
      emitter.emit("quakes", "assess", "x").join();
      List<CompletableFuture<Emitted>> last = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        last.add(
            emitter
                .emit("quakes", "assess", new byte[400])
                .thenCompose(one -> emitter.emit("quakes", "assess", new byte[400]))
                .thenCompose(two -> emitter.emit("quakes", "assess", new byte[400])));
      }
      for (CompletableFuture<Emitted> each : last) {
        each.get(SOON.toSeconds() / 2, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void callbacks_may_wait_for_what_they_emit() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("wait").withBound(1_024, SOON))) {
      emitter.emit("quakes", "assess", "x").join();
      List<CompletableFuture<Emitted>> last = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        last.add(
            emitter
                .emit("quakes", "assess", new byte[400])
                .thenApply(one -> emitter.emit("banks", "assess", new byte[400]).join()));
      }
      for (CompletableFuture<Emitted> each : last) {
        assertEquals("wait.events.banks", each.get(SOON.toSeconds() / 2, TimeUnit.SECONDS).topic());
      }
    }
  }

  @Test
  void a_flush_waits_for_what_is_chained_but_not_within_it() throws Exception {
    try (Emitter emitter = Emitter.connect(settings("flush"))) {
      emitter.emit("quakes", "assess", "x").join();
      AtomicInteger done = new AtomicInteger();
      for (int i = 0; i < 100; i++) {
        emitter
            .emit("quakes", "assess", "x")
            .thenRun(() -> {
              emitter.flush();
              done.incrementAndGet();
            });
      }
      emitter.flush();
      assertEquals(100, done.get());
    }
  }

  @Test
  void closing_waits_for_what_is_chained() {
    AtomicInteger done = new AtomicInteger();
    List<CompletableFuture<Emitted>> all = new ArrayList<>();
    try (Emitter emitter = Emitter.connect(settings("close"))) {
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Emitted> emitted = emitter.emit("quakes", "assess", "x");
        emitted.thenRun(done::incrementAndGet);
        all.add(emitted);
      }
    }
    assertTrue(all.stream().allMatch(CompletableFuture::isDone));
    assertEquals(1_000, done.get());
  }

  private static EmitterSettings settings(String prefix) {
    return EmitterSettings.of(kafka.bootstrapServers(), "tests")
        .withPlan(new TopicPlan(prefix + "."));
  }

  private static String refused(
      Class<? extends EmitException> type, CompletableFuture<Emitted> future) {
    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    return String.valueOf(assertInstanceOf(type, thrown.getCause()).getMessage());
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "it did not come to be within " + SOON);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
