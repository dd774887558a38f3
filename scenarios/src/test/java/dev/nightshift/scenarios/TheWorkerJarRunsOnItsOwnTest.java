package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheWorkerJarRunsOnItsOwnTest {
  private static final Path JAR = Path.of("../worker/target/nightshift-worker.jar");
  private static final Pattern ADMIN = Pattern.compile("health and metrics on (http://[0-9.:]+)");

  private final HttpClient http = HttpClient.newHttpClient();

  /// Settings from a file, the environment and a flag; what it does is seen over HTTP.
  @Test
  void andShowsHowItIs(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      Path config = folder.resolve("worker.properties");
      Files.writeString(
          config,
          """
          handlers=%s
          concurrency=7
          kafka.session.timeout.ms=6000
          kafka.ssl.truststore.password=geheim
          """
              .formatted(folder.resolve("handlers")));
      Path log = folder.resolve("jar.log");
      ProcessBuilder builder =
          builder(Path.of(System.getProperty("java.home")), folder, log, "--admin-port=0");
      builder
          .environment()
          .putAll(
              Map.of(
                  "NIGHTSHIFT_BOOTSTRAP_SERVER", fleet.bootstrapServers(),
                  "NIGHTSHIFT_CONFIG", config.toString(),
                  "NIGHTSHIFT_CONCURRENCY", "9"));
      Process process = builder.start();
      try {
        fleet.await("it is ready", Duration.ofSeconds(40), () -> get(log, "/health/ready") == 200);
        fleet.emitMany("e", 100, "return");
        fleet.await("all end", Duration.ofSeconds(30), () -> fleet.outcomes().size() == 100);
        assertEquals(200, get(log, "/health/live"));
        assertEquals(404, get(log, "/nothing"));
        String metrics = send(log, "/metrics").body();
        assertTrue(
            metrics.contains(
                "nightshift_attempts_ended_total{canvas=\"scenario\",outcome=\"completed\",queue=\"work\"}"
                    + " 100.0"),
            metrics);
        assertTrue(metrics.contains("nightshift_partitions 10.0"), metrics);
        assertTrue(metrics.contains("kafka_consumer_coordinator_assigned_partitions{"), metrics);
        assertTrue(metrics.contains("jvm_memory_used_bytes{"), metrics);
      } finally {
        process.destroy();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> said(log));
      }
      assertEquals(0, process.exitValue(), () -> said(log));
      assertTrue(said(log).contains("concurrency=9 (NIGHTSHIFT_CONCURRENCY)"), said(log));
      assertTrue(said(log).contains("admin-port=0 (flag)"), said(log));
      assertTrue(said(log).contains("kafka.session.timeout.ms=6000"), said(log));
      assertTrue(said(log).contains("kafka.ssl.truststore.password=(hidden)"), said(log));
      assertFalse(said(log).contains("geheim"), said(log));
    }
  }

  @Test
  void onAnOlderJvmItSaysWhichIsNeeded(@TempDir Path folder) throws Exception {
    Optional<Path> older = olderJvm();
    assumeTrue(older.isPresent(), "no JVM older than 25 is in the folder of this one");
    Path log = folder.resolve("jar.log");
    Process process = builder(older.get(), folder, log).start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(1, process.exitValue());
    assertTrue(
        said(log)
            .matches("(?s)nightshift: this JVM is Java [0-9.]+ .*; Java 25 or newer is needed.*"),
        said(log));
  }

  private static Optional<Path> olderJvm() throws IOException {
    Path own = Path.of(System.getProperty("java.home"));
    try (Stream<Path> siblings = Files.list(own.resolveSibling("."))) {
      return siblings
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> version(home) < 25)
          .findFirst();
    }
  }

  private static int version(Path home) {
    try {
      Matcher version =
          Pattern.compile("JAVA_VERSION=\"(?:1\\.)?([0-9]+)")
              .matcher(Files.readString(home.resolve("release")));
      return version.find() ? Integer.parseInt(version.group(1)) : Integer.MAX_VALUE;
    } catch (IOException e) {
      return Integer.MAX_VALUE; // It does not say.
    }
  }

  private static ProcessBuilder builder(Path java, Path folder, Path log, String... arguments) {
    assertTrue(Files.exists(JAR), JAR + " is not there; ./dev check and ./dev test make it");
    List<String> command =
        new ArrayList<>(
            List.of(
                java.resolve("bin/java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-Dscenario.folder=" + folder,
                "-Dscenario.worker=jar",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
  }

  private int get(Path log, String path) {
    return ADMIN.matcher(said(log)).find() ? send(log, path).statusCode() : 0;
  }

  private HttpResponse<String> send(Path log, String path) {
    Matcher address = ADMIN.matcher(said(log));
    assertTrue(address.find(), () -> said(log));
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new AssertionError(said(log), e);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String said(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
