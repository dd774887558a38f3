package dev.nightshift.scheduler.internal.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.scheduler.events.SchedulerEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchedulerAdminTest {
  @Test
  void the_upkeep_is_shown_while_it_is_this_schedulers() throws Exception {
    try (SchedulerAdmin admin = SchedulerAdmin.open(new InetSocketAddress("127.0.0.1", 0))) {
      admin.accept(new SchedulerEvent.Trimmed(7, Duration.ofMillis(250)));
      admin.accept(new SchedulerEvent.Trimmed(3, Duration.ofMillis(250)));
      admin.accept(new SchedulerEvent.TrimRefused("a", "no"));
      admin.accept(new SchedulerEvent.TrimRefused("b", "no"));
      admin.accept(new SchedulerEvent.TrimGoesOn("b"));
      admin.accept(new SchedulerEvent.UpkeepDelayed("tidying flags", "not now"));
      assertEquals(
          List.of(
              "nightshift_trims_partitions_total 10.0",
              "nightshift_trims_refused 1.0",
              "nightshift_trims_seconds_count 2",
              "nightshift_trims_seconds_sum 0.5",
              "nightshift_upkeep_delayed 1.0"),
          shown(admin));
      admin.accept(new SchedulerEvent.Released(1));
      assertEquals(5, shown(admin).size());
      admin.accept(new SchedulerEvent.Released(0));
      assertEquals(
          List.of(
              "nightshift_trims_partitions_total 10.0",
              "nightshift_trims_refused 0.0",
              "nightshift_trims_seconds_count 2",
              "nightshift_trims_seconds_sum 0.5",
              "nightshift_upkeep_delayed 0.0"),
          shown(admin));
    }
  }

  private static List<String> shown(SchedulerAdmin admin) throws IOException, InterruptedException {
    InetSocketAddress at = admin.address();
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://127.0.0.1:" + at.getPort() + "/metrics");
      HttpResponse<Stream<String>> answer =
          http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines());
      return answer
          .body()
          .filter(
              line -> line.startsWith("nightshift_trims") || line.startsWith("nightshift_upkeep"))
          .filter(line -> !line.contains("_max"))
          .sorted()
          .toList();
    }
  }
}
