package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.local.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands for events on a real broker. Each test has its own fleet, by its prefix.
@Timeout(120)
class EventCommandTest {
  private static final AtomicInteger FLEETS = new AtomicInteger();
  private static LocalKafka kafka;

  private final TopicPlan plan = new TopicPlan("fleet" + FLEETS.incrementAndGet() + ".");
  private String server = "";
  private final String prefix = "--topic-prefix=" + plan.prefix();

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @BeforeEach
  void nameServer() {
    server = "--bootstrap-server=" + kafka.bootstrapServers();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void an_event_goes_into_a_canvas_that_there_is() {
    create("quakes");
    Said said = Said.by("event", "emit", "quakes/assess", "{\"mag\":5}", server, prefix, "--id=x1");
    assertEquals(new Said(0, "x1\n", ""), said);
  }

  @Test
  void a_mistyped_canvas_is_not_created_and_the_nearest_is_named() throws Exception {
    create("quakes");
    create("shop");
    Said said = Said.by("event", "emit", "qaukes/assess", "{}", server, prefix);
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no canvas 'qaukes'; did you mean quakes? See them with: nightshift"
                + " canvas list. To create this one add --create. Nothing was emitted\n"),
        said);
    assertEquals(Set.of(plan.events("quakes", 1), plan.events("shop", 1)), eventTopics());
  }

  @Test
  void a_canvas_is_created_when_that_is_asked_for() throws Exception {
    Said said = Said.by("event", "emit", "new/work", "1", server, prefix, "--create", "--id=x");
    assertEquals(new Said(0, "x\n", ""), said);
    assertEquals(Set.of(plan.events("new", 1)), eventTopics());
    String audit = Said.by("audit", "-o", "jsonl", server, prefix).out();
    assertTrue(
        audit.endsWith(
            "\"actor\":\""
                + System.getProperty("user.name")
                + "\",\"action\":\"canvas create\",\"target\":\"new\",\"before\":\"none\","
                + "\"after\":\"generation 1, topic "
                + plan.events("new", 1)
                + ", active\",\"reason\":\"first event of the canvas\"}\n"),
        audit);
    Said.by("event", "emit", "new/work", "1", server, prefix, "--create", "--actor=ada");
    Said.by("event", "emit", "other/work", "1", server, prefix, "--create", "--actor=ada");
    String both = Said.by("audit", "-o", "jsonl", server, prefix).out();
    assertEquals(2, both.lines().count(), both);
    assertTrue(
        both.contains("\"actor\":\"ada\",\"action\":\"canvas create\",\"target\":\"other\""), both);
  }

  @Test
  void a_change_needs_an_actor() {
    assertEquals(
        new Said(2, "", "nightshift: a change needs an actor: say who makes it\n"),
        Said.by("event", "emit", "new/work", "1", server, prefix, "--create", "--actor= "));
  }

  @Test
  void without_any_canvas_there_is_none_to_name() {
    fleet().close();
    assertEquals(
        "nightshift: there is no canvas 'quakes', nor any other; create one with: nightshift canvas"
            + " create NAME. To create this one add --create. Nothing was emitted\n",
        Said.by("event", "emit", "quakes/assess", "{}", server, prefix).err());
  }

  @Test
  void the_cluster_may_come_from_a_file(@TempDir Path folder) throws IOException {
    create("quakes");
    Path file = folder.resolve("client.properties");
    Files.writeString(file, "bootstrap.servers=" + kafka.bootstrapServers());
    String config = "--command-config=" + file;
    assertEquals(0, Said.by("event", "emit", "quakes/assess", "{}", config, prefix).exitCode());
    assertEquals(3, Said.by("event", "trace", "x", config, prefix).exitCode());
  }

  @Test
  void an_event_without_a_trace_is_not_found() {
    fleet().close();
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no trace of event 'x' in "
                + plan.traces()
                + ", which keeps seven days and was read from their beginning: the event has not"
                + " ended yet, or the id is wrong. See where it is with: nightshift event get x\n"),
        Said.by("event", "trace", "x", server, prefix));
  }

  @Test
  void a_fleet_that_is_not_there_is_not_made_by_looking() throws Exception {
    Said said = Said.by("event", "trace", "x", server, prefix);
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no topic "
                + plan.traces()
                + " on "
                + kafka.bootstrapServers()
                + ". Check the address and the topic prefix ("
                + plan.prefix()
                + "); a new fleet's topics are made by its first worker\n"),
        said);
    assertEquals(3, Said.by("event", "emit", "quakes/assess", "{}", server, prefix).exitCode());
    assertEquals(Set.of(), topics());
  }

  @Test
  void an_unreachable_cluster_is_told_apart() {
    Said nobody =
        new Said(
            69,
            "",
            "nightshift: cannot connect to the cluster: Kafka at localhost:1 does not answer (localhost:1"
                + " refuses connections). Check that the brokers run and that --bootstrap-server"
                + " (NIGHTSHIFT_BOOTSTRAP_SERVER) is right; a TLS or SASL listener also wants its"
                + " settings in the client configuration\n");
    String nowhere = "--bootstrap-server=localhost:1";
    assertEquals(nobody, Said.by("event", "emit", "quakes/assess", "{}", nowhere));
    assertEquals(nobody, Said.by("event", "trace", "x", nowhere));
    assertEquals(nobody, Said.by("event", "get", "x", nowhere));
  }

  @Test
  void what_is_wrong_is_said_before_anything_is_asked() {
    assertWrong(
        "CANVAS/QUEUE: 'quakes' is no queue:" + " write CANVAS/QUEUE, such as quakes/assess",
        "emit",
        "quakes",
        "{}");
    assertWrong(
        "CANVAS/QUEUE: canvas name 'Quakes' is"
            + " not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
        "emit",
        "Quakes/assess",
        "{}");
    assertWrong(
        "JSON: the payload is no JSON (line 1,"
            + " column 2): write one value in quotes, such as '{\"mag\":5.1}' or '\"text\"'",
        "emit",
        "quakes/assess",
        "{mag:5.1}");
    assertWrong(
        "which cluster? Say --bootstrap-server HOST:PORT, or set NIGHTSHIFT_BOOTSTRAP_SERVER",
        "trace",
        "x");
  }

  private static void assertWrong(String problem, String verb, String... arguments) {
    String[] command = new String[arguments.length + 2];
    command[0] = "event";
    command[1] = verb;
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: " + problem + "\nHow it is used: nightshift event " + verb + " --help\n"),
        Said.by(command));
  }

  private Fleet fleet() {
    Fleet fleet =
        Fleet.of(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), plan, Duration.ofSeconds(20));
    fleet.init(OptionalInt.of(1));
    return fleet;
  }

  private void create(String canvas) {
    try (Fleet fleet = fleet()) {
      fleet.createCanvas(canvas, 1, OptionalInt.of(1), new Cause("test", ""));
    }
  }

  private Set<String> eventTopics() throws Exception {
    return topics().stream()
        .filter(topic -> topic.startsWith(plan.prefix() + "events."))
        .collect(Collectors.toSet());
  }

  private Set<String> topics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin.listTopics().names().get().stream()
          .filter(topic -> topic.startsWith(plan.prefix()))
          .collect(Collectors.toSet());
    }
  }
}
