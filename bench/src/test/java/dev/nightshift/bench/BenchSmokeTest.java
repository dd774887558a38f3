package dev.nightshift.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// With very few events the bench says nothing about speed, but everything about itself.
@Timeout(600)
class BenchSmokeTest {
  @TempDir private Path folder;

  @Test
  void eachSideRunsEachEventOnce() throws IOException {
    JsonNode runs = measure("noop", "peers", "emit");
    List<String> measured = new ArrayList<>();
    for (JsonNode run : runs) {
      for (JsonNode series : run.get("series")) {
        String side = run.get("run").asText() + ": " + series.get("side").asText();
        measured.add(side);
        assertEquals(1, series.get("values").size(), side);
        assertTrue(series.get("values").get(0).asDouble() > 0, side);
        assertEquals(
            "{\"lost\":0,\"doubled\":0,\"repeated\":0}", series.get("faults").toString(), side);
      }
    }
    assertEquals(
        List.of(
            "noop: nightshift",
            "noop: raw",
            "noop: nightshift, traces off",
            "noop: Parallel Consumer, 100 threads",
            "noop: Parallel Consumer, 1,000 threads",
            "peers: nightshift",
            "peers: share consumer",
            "peers: Spring, @RetryableTopic",
            "emit: emitter",
            "emit: bare producer",
            "emit: bare producer, as many bytes"),
        measured);
    assertTrue(Files.readString(folder.resolve("page.md")).contains("| nightshift / raw |"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          Set.of("page.md", "result.json"),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  private JsonNode measure(String... names) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--runs=1",
                "--events=200",
                "--jvm=-Xmx192m -XX:TieredStopAtLevel=1",
                "--folder=" + folder,
                "--markdown=" + folder.resolve("page.md")));
    arguments.addAll(List.of(names));
    assertEquals(0, new CommandLine(new Bench()).execute(arguments.toArray(String[]::new)));
    return new ObjectMapper().readTree(folder.resolve("result.json").toFile()).get("runs");
  }
}
