package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.scheduler.internal.admin.SchedulerAdmin;
import dev.nightshift.scheduler.internal.scale.ScaleCommand;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Schedulers that look every second, on a real broker; nobody works.
class ScalingOfASchedulerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void what_is_decided_is_told_everywhere_and_by_the_next_scheduler() throws Exception {
    Path ran = folder.resolve("ran");
    String command = "sh -c 'echo $1 >> " + ran + "' x {n}";
    try (TimerFleet fleet = new TimerFleet()) {
      emit(fleet, 600);
      try (Scheduler one = start(fleet, "one", Optional.of(command))) {
        TimerFleet.await("it is decided", () -> waiting(one) == 600);
        TimerFleet.await("the command was run", () -> lines(ran).equals("1\n"));
        ScaleDecision first = one.decision().orElseThrow();
        assertEquals(1, first.wanted());
        assertEquals(
            "600 wait and 0/s arrive; no worker runs: too little is known of what one drains to"
                + " want more yet",
            first.reason());
        fleet.fleet.scaleBounds(
            new ScaleBounds(3, 8, Duration.ofSeconds(30)), new Cause("ann", "Friday"));
        TimerFleet.await("three are wanted", () -> wanted(one) == 3);
        TimerFleet.await("the command was run for both", () -> lines(ran).equals("1\n3\n"));
        assertServed(one, 3);
        marksAreNoEvents(fleet, one);
      }
      assertEquals(
          List.of(
              "one scale command:  → 1",
              "ann scale set: 1 to 16 workers, target 1m → 3 to 8 workers, target 30s",
              "one scale: 1 worker → 3 workers",
              "one scale command:  → 3"),
          audit(fleet));
      try (Scheduler two = start(fleet, "two", Optional.empty())) {
        assertEquals(3, wanted(two));
        TimerFleet.await(
            "it decides", () -> two.decision().orElseThrow().scheduler().equals("two"));
        assertEquals(3, wanted(two));
      }
    }
  }

  @Test
  void who_decides_again_runs_the_command_again_for_the_same_number() throws Exception {
    Path ran = folder.resolve("again");
    List<String> words = List.of("sh", "-c", "echo $1 >> " + ran, "x", "{n}");
    try (TimerFleet fleet = new TimerFleet();
        ScaleCommand command =
            ScaleCommand.start(
                Fleet.of(fleet.client, fleet.plan, SECOND),
                "one",
                words,
                event -> {},
                failure -> {})) {
      command.want(OptionalInt.of(8));
      TimerFleet.await("the command was run", () -> lines(ran).equals("8\n"));
      command.want(OptionalInt.empty());
      command.want(OptionalInt.of(8));
      TimerFleet.await("it was run again", () -> lines(ran).equals("8\n8\n"));
    }
  }

  private static Scheduler start(TimerFleet fleet, String name, Optional<String> command) {
    return Scheduler.start(
        new SchedulerSettings(
            fleet.client,
            fleet.plan,
            name,
            new ScaleSettings(SECOND, Duration.ofSeconds(10), 12, command),
            UpkeepSettings.DEFAULT),
        event -> {});
  }

  private static int wanted(Scheduler scheduler) {
    return scheduler.decision().map(ScaleDecision::wanted).orElse(0);
  }

  private static long waiting(Scheduler scheduler) {
    return scheduler.decision().map(is -> is.figures().waiting()).orElse(-1L);
  }

  private static String lines(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void emit(TimerFleet fleet, int events) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < events; i++) {
        producer.send(event(fleet, i % 3));
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> event(TimerFleet fleet, int partition) {
    ProducerRecord<byte[], byte[]> event =
        new ProducerRecord<>(
            fleet.plan.events(TimerFleet.CANVAS, 1), partition, null, "x".getBytes(UTF_8));
    event.headers().add("ce_type", "mail".getBytes(UTF_8));
    return event;
  }

  private static void assertServed(Scheduler scheduler, int wanted) throws Exception {
    try (SchedulerAdmin admin = SchedulerAdmin.open(new InetSocketAddress("127.0.0.1", 0));
        HttpClient http = HttpClient.newHttpClient()) {
      URI page = URI.create("http:/" + admin.address() + "/scale");
      HttpRequest request = HttpRequest.newBuilder(page).build();
      assertEquals(404, http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
      admin.watchScale(scheduler::decision);
      HttpResponse<String> served = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, served.statusCode());
      assertEquals(Optional.of("application/json"), served.headers().firstValue("Content-Type"));
      assertTrue(
          served
              .body()
              .startsWith(
                  "{\"schemaVersion\":1,\"workers\":{\"wanted\":"
                      + wanted
                      + ",\"running\":0},\"reason\":\""),
          served.body());
      admin.watchScale(Optional::empty);
      HttpResponse<String> unknown = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(503, unknown.statusCode());
      assertEquals(
          "{\"schemaVersion\":1,\"problem\":\"no scheduler has decided for 30s how many workers are"
              + " wanted: leave as many as there are\"}\n",
          unknown.body());
    }
  }

  // Of a transaction one event and its mark are seen; once the event is settled, nothing.
  private static void marksAreNoEvents(TimerFleet fleet, Scheduler scheduler) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    fleet.kafka.bootstrapServers(),
                    "transactional.id",
                    "test"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        Admin admin = Admin.create(fleet.client)) {
      producer.initTransactions();
      producer.beginTransaction();
      long offset = producer.send(event(fleet, 0)).get().offset();
      producer.commitTransaction();
      TimerFleet.await("both are seen", () -> waiting(scheduler) == 602);
      admin
          .alterConsumerGroupOffsets(
              fleet.plan.workersGroup(),
              Map.of(
                  new TopicPartition(fleet.plan.events(TimerFleet.CANVAS, 1), 0),
                  new OffsetAndMetadata(offset + 1)))
          .all()
          .get();
      TimerFleet.await("nothing waits there", () -> waiting(scheduler) == 400);
    }
  }

  private static List<String> audit(TimerFleet fleet) {
    return fleet.read(fleet.plan.audit()).stream()
        .map(each -> RecordCodec.AUDIT.decode(each.value()))
        .filter(each -> each.getAction().startsWith("scale"))
        .map(ScalingOfASchedulerTest::text)
        .toList();
  }

  private static String text(AuditRecord is) {
    return "%s %s: %s → %s".formatted(is.getActor(), is.getAction(), is.getBefore(), is.getAfter());
  }
}
