package dev.nightshift.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightshift.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies under deploy/ fits what is built.
class DeploymentTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final Path COMPOSE = Path.of("../docker-compose.yml");
  private static final Pattern SHOWN = Pattern.compile("\\bnightshift_[a-z_]+");
  private static final Pattern REGISTERED = Pattern.compile("\"(nightshift\\.[a-z.]+)\"");

  @Test
  void compose_starts_the_kafka_that_nightshift_is_built_with() throws IOException {
    assertEquals(
        Set.of("apache/kafka:" + AppInfoParser.getVersion()),
        found(Pattern.compile("apache/kafka:[^\\s]+"), COMPOSE));
  }

  @Test
  void compose_and_systemd_leave_a_drain_its_time() throws IOException {
    long grace = WorkerSettings.GRACE_DEFAULT.toSeconds();
    String compose = Files.readString(COMPOSE);
    String unit = Files.readString(DEPLOY.resolve("systemd/nightshift-worker@.service"));
    assertTrue(seconds(compose, "stop_grace_period: ([0-9]+)s # a drain") > grace, compose);
    assertTrue(seconds(unit, "TimeoutStopSec=([0-9]+)") > grace, unit);
  }

  @Test
  void alerts_and_the_dashboard_name_metrics_that_there_are() throws IOException {
    Set<String> registered = new TreeSet<>();
    for (String from : List.of("../worker/src/main/java", "../scheduler/src/main/java")) {
      try (Stream<Path> files = Files.walk(Path.of(from))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          found(REGISTERED, file)
              .forEach(name -> registered.add(name.replace("\"", "").replace('.', '_')));
        }
      }
    }
    Set<String> unknown = new TreeSet<>(found(SHOWN, DEPLOY.resolve("prometheus/alerts.yml")));
    unknown.addAll(found(SHOWN, DEPLOY.resolve("grafana/fleet.json")));
    assertFalse(unknown.isEmpty());
    unknown.removeIf(
        name -> registered.contains(name.replaceFirst("(_seconds_bucket|_total)$", "")));
    assertEquals(Set.of(), unknown);
  }

  @Test
  void systemd_takes_the_units(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of("/usr/bin/systemd-analyze", "/bin/systemd-analyze")
            .anyMatch(each -> Files.isExecutable(Path.of(each))),
        "there is no systemd-analyze here: the units of deploy/systemd were not looked at");
    Path worker = folder.resolve("nightshift-worker@1.service");
    Path scheduler = folder.resolve("nightshift-scheduler.service");
    Files.copy(DEPLOY.resolve("systemd/nightshift-worker@.service"), worker);
    Files.copy(DEPLOY.resolve("systemd/nightshift-scheduler.service"), scheduler);
    Process analysis =
        new ProcessBuilder("systemd-analyze", "verify", worker.toString(), scheduler.toString())
            .redirectErrorStream(true)
            .start();
    // It looks at units of this machine that these want, too.
    List<String> said =
        new String(analysis.getInputStream().readAllBytes(), UTF_8)
            .lines()
            .filter(line -> line.contains("nightshift"))
            .toList();
    assertEquals(List.of(), said);
    assertEquals(0, analysis.waitFor());
  }

  private static long seconds(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), () -> pattern + " is not in:\n" + text);
    return Long.parseLong(matcher.group(1));
  }

  private static Set<String> found(Pattern pattern, Path in) throws IOException {
    Set<String> found = new TreeSet<>();
    pattern.matcher(Files.readString(in)).results().map(each -> each.group()).forEach(found::add);
    return found;
  }
}
