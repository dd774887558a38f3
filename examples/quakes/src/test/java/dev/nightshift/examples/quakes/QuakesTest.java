package dev.nightshift.examples.quakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import dev.nightshift.testkit.HandlerRun;
import dev.nightshift.testkit.TestHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuakesTest {
  static final String HUALIEN =
      """
      {"id":"us1000chhc","mag":6.4,"magType":"mww","place":"22km NNE of Hualian, Taiwan",\
      "time":"2018-02-06T15:50:42.400Z","tsunami":1,"felt":261,"sig":800,\
      "longitude":121.653,"latitude":24.1737,"depthKm":10.64}\
      """;

  private final TestHandler assess = TestHandler.of(new Assess(Duration.ZERO));
  private final TestHandler alert = TestHandler.of(new Alert());

  @Test
  void aStrongQuakeIsClassifiedAndRaisesAnAlert() {
    HandlerRun run = assess.run(HUALIEN);
    assertEquals("strong", run.result().orElseThrow());
    assertEquals(List.of("parse", "classify", "look up the region"), run.steps());
    assertEquals(List.of("22km NNE of Hualian, Taiwan: magnitude 6.4 is strong"), run.logs());
    HandlerRun.Child child = run.children().get(0);
    assertEquals("quakes/alert", child.canvas() + "/" + child.queue());
    assertEquals(
        "{\"id\":\"us1000chhc\",\"mag\":6.4,\"place\":\"22km NNE of Hualian, Taiwan\","
            + "\"time\":\"2018-02-06T15:50:42.400Z\",\"tsunami\":1,\"depthKm\":10.64}",
        child.text().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "-0.8, micro, 0",
    "1.99, micro, 0",
    "2, minor, 0",
    "3.9, minor, 0",
    "4, light, 0",
    "4.49, light, 0",
    "4.5, light, 1",
    "5, moderate, 1",
    "6, strong, 1",
    "7, major, 1",
    "9.5, great, 1",
    "null, unknown, 0"
  })
  void strengthAndAlertFollowTheMagnitude(String magnitude, String strength, int alerts) {
    HandlerRun run = assess.run(HUALIEN.replace("6.4", magnitude));
    assertEquals(strength, run.result().orElseThrow());
    assertEquals(alerts, run.children().size());
  }

  @Test
  void anAlertIsALineOfText() {
    assertEquals(
        "M 6.4, 22km NNE of Hualian, Taiwan, 2018-02-06T15:50:42.400Z, 10.64 km deep, tsunami"
            + " possible",
        alert.run(HUALIEN).result().orElseThrow());
  }

  @Test
  void whatAssessEmitsAlertCanRead() {
    HandlerRun run = assess.run(HUALIEN.replace("\"tsunami\":1", "\"tsunami\":0"));
    assertEquals(
        "M 6.4, 22km NNE of Hualian, Taiwan, 2018-02-06T15:50:42.400Z, 10.64 km deep",
        alert.run(run.children().get(0).text().orElseThrow()).result().orElseThrow());
  }

  @Test
  void theWholeWeekIsAssessed() throws Exception {
    Map<String, Integer> quakesByStrength = new TreeMap<>();
    int alerts = 0;
    for (String line : Files.readAllLines(Path.of("data", "earthquakes.ndjson"))) {
      HandlerRun run = assess.run(line);
      quakesByStrength.merge(run.result().orElseThrow(), 1, Integer::sum);
      alerts += run.children().size();
    }
    assertEquals(
        Map.of("micro", 1261, "minor", 318, "light", 89, "moderate", 34, "strong", 5),
        quakesByStrength);
    assertEquals(85, alerts);
  }

  @Test
  void whatIsNoQuakeIsRefused() {
    HandlerRun run = assess.run("[1, 2]");
    assertEquals("errored", run.outcome());
    assertTrue(
        run.error().orElseThrow().contains("cannot be read as " + Quake.class.getName()),
        run::toString);
  }

  @Test
  void aWorkerFindsBothHandlers() {
    List<String> queues =
        ServiceLoader.load(Handler.class).stream()
            .map(provider -> provider.type().getAnnotation(Handles.class))
            .map(handles -> handles.canvas() + "/" + handles.queue())
            .toList();
    assertEquals(List.of("quakes/assess", "quakes/alert"), queues);
  }
}
