package dev.nightshift.worker.internal.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.events.WorkerStatus;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminPortTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private AdminPort admin;

  @BeforeEach
  void open() throws IOException {
    admin = AdminPort.open(new InetSocketAddress("127.0.0.1", 0));
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void a_worker_is_ready_from_joining_its_group_until_it_drains() throws Exception {
    assertEquals(503, get("/health/ready").statusCode());
    assertEquals("not ready: the worker starts\n", get("/health/ready").body());
    assertEquals(200, get("/health/live").statusCode());
    admin.watch(() -> status("running", false, 0, Duration.ZERO));
    assertEquals(503, get("/health/ready").statusCode());
    admin.watch(() -> status("running", true, 3, Duration.ZERO));
    assertEquals("ready\n", get("/health/ready").body());
    admin.watch(() -> status("running", true, 0, Duration.ZERO));
    assertEquals("ready\nidle: other workers have all partitions\n", get("/health/ready").body());
    admin.watch(() -> status("draining", true, 3, Duration.ZERO));
    assertEquals(503, get("/health/ready").statusCode());
    assertEquals(200, get("/health/live").statusCode());
  }

  @Test
  void a_loop_that_does_not_turn_is_not_live() throws Exception {
    admin.watch(() -> status("running", true, 3, Health.TURN_MAX.plusSeconds(1)));
    assertEquals(503, get("/health/live").statusCode());
  }

  @Test
  void what_is_wrong_is_told_as_long_as_it_is() throws Exception {
    admin.watch(() -> status("running", true, 3, Duration.ZERO));
    admin.accept(new WorkerEvent.ControlBehind("no answer"));
    assertEquals(
        "ready\nthe control topic cannot be followed, the last known flags count: no answer\n",
        get("/health/ready").body());
    assertTrue(get("/metrics").body().contains("nightshift_control_behind 1.0"));
    admin.accept(new WorkerEvent.ControlFollowed());
    assertEquals("ready\n", get("/health/ready").body());
    assertTrue(get("/metrics").body().contains("nightshift_control_behind 0.0"));
  }

  @Test
  void attempts_are_counted_by_queue_and_outcome() throws Exception {
    admin.accept(new WorkerEvent.Started("shop", "mail", "e", 1, Duration.ofMillis(50)));
    admin.accept(new WorkerEvent.Ended("shop", "mail", "e", 1, "completed", Duration.ofMillis(5)));
    admin.accept(new WorkerEvent.AttemptLost("shop", "mail", "f", 5, true, "w"));
    String metrics = get("/metrics").body();
    String labels = "{canvas=\"shop\",queue=\"mail\"} 1.0";
    assertTrue(metrics.contains("nightshift_attempts_started_total" + labels), metrics);
    assertTrue(metrics.contains("nightshift_attempts_lost_total" + labels), metrics);
    assertTrue(metrics.contains("nightshift_events_exhausted_total" + labels), metrics);
    assertTrue(
        metrics.contains(
            "nightshift_attempts_ended_total{canvas=\"shop\",outcome=\"completed\",queue=\"mail\"}"
                + " 1.0"),
        metrics);
    assertTrue(
        metrics.contains(
            "nightshift_wait_seconds_bucket{canvas=\"shop\",queue=\"mail\",le=\"0.1\"} 1"),
        metrics);
    assertTrue(metrics.contains("nightshift_handler_seconds_count"), metrics);
  }

  @Test
  void alarms_and_dead_letters_count_from_0_so_that_the_first_is_seen_to_be_one_more()
      throws Exception {
    String before = get("/metrics").body();
    assertTrue(before.contains("nightshift_alarms_total{kind=\"topics_forbidden\"} 0.0"), before);
    assertTrue(before.contains("nightshift_dead_letters_total 0.0"), before);
    admin.accept(new WorkerEvent.TopicsForbidden(Set.of("t"), "not allowed"));
    admin.accept(new WorkerEvent.DeadLettered("t/0/1", "no event"));
    String after = get("/metrics").body();
    assertTrue(after.contains("nightshift_alarms_total{kind=\"topics_forbidden\"} 1.0"), after);
    assertTrue(after.contains("nightshift_dead_letters_total 1.0"), after);
  }

  @Test
  void other_pages_and_methods_are_refused() throws Exception {
    assertEquals(404, get("/").statusCode());
    HttpResponse<String> posted =
        http.send(
            request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(405, posted.statusCode());
    assertEquals("GET, HEAD", posted.headers().firstValue("Allow").orElseThrow());
  }

  @Test
  void a_port_that_is_taken_is_not_opened() {
    assertThrows(BindException.class, () -> AdminPort.open(admin.address()).close());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + admin.address().getPort() + path));
  }

  private static WorkerStatus status(
      String state, boolean joined, int partitions, Duration sinceTurn) {
    return new WorkerStatus(state, joined, partitions, 9, 1, 2, 3, sinceTurn);
  }
}
