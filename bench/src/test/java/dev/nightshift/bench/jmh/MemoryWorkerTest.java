package dev.nightshift.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MemoryWorkerTest {
  @Test
  void aLoopOverALogInMemoryRunsAllEvents() {
    assertEquals(1_000, new MemoryWorker(1_000).run(1_000));
  }

  @Test
  void jmhKnowsAllMicroBenchmarks() throws IOException {
    try (InputStream list = getClass().getResourceAsStream("/META-INF/BenchmarkList")) {
      String text =
          new String(
              Objects.requireNonNull(list).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertEquals(
          "[GateBench, HeadersBench, LedgerBench, TraceBench]",
          text.lines()
              .map(line -> line.replaceFirst(".*bench\\.jmh\\.(\\w+Bench).*", "$1"))
              .collect(Collectors.toCollection(TreeSet::new))
              .toString());
    }
  }
}
