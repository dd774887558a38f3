package dev.nightshift.examples.quakes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.examples.quakes.NotedContext.Child;
import dev.nightshift.handler.CodecException;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import dev.nightshift.handler.json.JacksonCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuakesTest {
  private static final String HUALIEN =
      """
      {"id":"us1000chhc","mag":6.4,"magType":"mww","place":"22km NNE of Hualian, Taiwan",\
      "time":"2018-02-06T15:50:42.400Z","tsunami":1,"felt":261,"sig":800,\
      "longitude":121.653,"latitude":24.1737,"depthKm":10.64}\
      """;

  private final NotedContext context = new NotedContext();

  @Test
  void aStrongQuakeIsClassifiedAndRaisesAnAlert() throws Exception {
    assertEquals("strong", assess(HUALIEN));
    assertEquals(List.of("parse", "classify", "look up the region"), context.steps);
    assertEquals(List.of("22km NNE of Hualian, Taiwan: magnitude 6.4 is strong"), context.lines);
    Quake quake =
        new Quake(
            "us1000chhc",
            6.4,
            "22km NNE of Hualian, Taiwan",
            Instant.parse("2018-02-06T15:50:42.400Z"),
            1,
            10.64);
    assertEquals(List.of(new Child("quakes", "alert", quake)), context.children);
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
  void strengthAndAlertFollowTheMagnitude(String magnitude, String strength, int alerts)
      throws Exception {
    assertEquals(strength, assess(HUALIEN.replace("6.4", magnitude)));
    assertEquals(alerts, context.children.size());
  }

  @Test
  void anAlertIsALineOfText() throws Exception {
    assertEquals(
        "M 6.4, 22km NNE of Hualian, Taiwan, 2018-02-06T15:50:42.400Z, 10.64 km deep, tsunami"
            + " possible",
        new Alert().handle(new QuakeEvent("alert", HUALIEN), context));
  }

  @Test
  void whatAssessEmitsAlertCanRead() throws Exception {
    assess(HUALIEN.replace("\"tsunami\":1", "\"tsunami\":0"));
    Object child = requireNonNull(context.children.get(0).payload());
    String payload = new String(new JacksonCodec().encode(child), UTF_8);
    assertEquals(
        "M 6.4, 22km NNE of Hualian, Taiwan, 2018-02-06T15:50:42.400Z, 10.64 km deep",
        new Alert().handle(new QuakeEvent("alert", payload), context));
  }

  @Test
  void theWholeWeekIsAssessed() throws Exception {
    Map<String, Integer> quakesByStrength = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("data", "earthquakes.ndjson"))) {
      quakesByStrength.merge(assess(line), 1, Integer::sum);
    }
    assertEquals(
        Map.of("micro", 1261, "minor", 318, "light", 89, "moderate", 34, "strong", 5),
        quakesByStrength);
    assertEquals(85, context.children.size());
  }

  @Test
  void whatIsNoQuakeIsRefused() {
    var failure = assertThrows(CodecException.class, () -> assess("[1, 2]"));
    assertEquals("payload does not fit " + Quake.class.getName(), failure.getMessage());
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

  private String assess(String quake) throws Exception {
    return new Assess(Duration.ZERO).handle(new QuakeEvent("assess", quake), context);
  }
}
