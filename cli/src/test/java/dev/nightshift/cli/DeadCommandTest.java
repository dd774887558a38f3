package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Dead letters by command on a real broker. Each test has its own fleet, by its prefix; its
/// letters are as workers write them.
@Timeout(120)
class DeadCommandTest {
  private static final AtomicInteger FLEETS = new AtomicInteger();
  private static LocalKafka kafka;
  private static KafkaProducer<byte[], byte[]> producer;

  /// Letters must be young, or the broker removes them.
  private final Instant first = Instant.now().minusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);

  private final String prefix = "fleet" + FLEETS.incrementAndGet() + ".";

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    kafka.close();
  }

  @Test
  void letters_are_listed_newest_first_and_narrowed_down() {
    letters();
    assertEquals("1/1\n1/0\n0/0\n", run("dead", "list", "-o", "name").out());
    assertTrue(
        run("dead", "list")
            .out()
            .matches(
                "LETTER +AGE +STATE +QUEUE +EVENT +OUTCOME +ATTEMPTS +REASON\n"
                    + "1/1 +\\S+ +open +shop/\\? +e3 +undecodable +- +it has no header ce_type\n"
                    + "1/0 +\\S+ +open +shop/pay +e2 +exhausted +5 +all 5 attempts were lost\n"
                    + "0/0 +\\S+ +open +shop/mail +e1 +exhausted +5 +all 5 attempts were lost\n"),
        run("dead", "list").out());
    assertEquals("0/0\n", names("--queue=mail"));
    assertEquals("1/1\n1/0\n0/0\n", names("--canvas=shop"));
    assertEquals("1/1\n", names("--reason=undecodable"));
    assertEquals("1/0\n0/0\n", names("--reason=5 ATTEMPTS"));
    assertEquals("1/1\n1/0\n", names("--since=" + first.plusSeconds(1)));
    assertEquals("0/0\n", names("--until=" + first.plusSeconds(1)));
    assertEquals(
        new Said(
            0,
            "1/1\n",
            "nightshift: these are the newest 1 of 3; see more with --limit, or narrow it down\n"),
        run("dead", "list", "--limit=1", "-o", "name"));
    assertEquals(
        new Said(0, "", "nightshift: there are no such dead letters\n"),
        run("dead", "list", "--canvas=bank"));
    assertEquals(
        "{\"schemaVersion\":1,\"letter\":\"0/0\",\"diedAt\":\""
            + first
            + "\",\"state\":\"open\","
            + "\"canvas\":\"shop\",\"queue\":\"mail\",\"event\":\"e1\",\"outcome\":\"exhausted\","
            + "\"attempt\":\"5\",\"reason\":\"all 5 attempts were lost\",\"origin\":\""
            + prefix
            + "events.shop/0/4\",\"writer\":\"w2\",\"payloadBytes\":7}\n",
        run("dead", "list", "--queue=mail", "-o", "jsonl").out());
  }

  private String names(String filter) {
    return run("dead", "list", filter, "-o", "name").out();
  }

  @Test
  void one_letter_is_shown_whole() {
    letters();
    String text = run("dead", "get", "e1").out();
    assertTrue(text.startsWith("letter    0/0\nstate     open\nevent     e1\n"), text);
    for (String line :
        List.of(
            "queue     shop/mail",
            "reason    all 5 attempts were lost",
            "writer    w2",
            "origin    " + prefix + "events.shop/0/4",
            "attempts  5",
            "          attempt 5 w2 2026-03-01T11:59:00Z lost",
            "header    ce_id: e1",
            "key       none",
            "payload   7 bytes: {\"a\":1}")) {
      assertTrue(text.lines().anyMatch(line::equals), line + " is not in\n" + text);
    }
    assertTrue(text.contains("\ndied      " + first + " (60m ago)\n"), text);
    assertEquals(
        text.lines().skip(1).toList(), run("dead", "get", "0/0").out().lines().skip(1).toList());
    String json = run("dead", "get", "1/1", "-o", "json").out();
    assertTrue(json.contains("\"payload\" : {\n    \"hex\" : \"ff00\"\n  }"), json);
    assertTrue(run("dead", "get", "1/1").out().endsWith("payload   2 bytes: hex ff00\n"), json);
  }

  @Test
  void a_letter_is_redriven_once_and_the_audit_tells_it() {
    letters();
    String redriven = "1 dead letter was redriven\n";
    assertEquals(
        new Said(0, redriven, ""), run("dead", "redrive", "0/0", "--actor=ada", "--reason=r"));
    assertEquals(
        new Said(0, "0 dead letters were redriven\n1 was redriven or discarded before\n", ""),
        run("dead", "redrive", "e1"));
    assertEquals("1/1\n1/0\n", run("dead", "list", "-o", "name").out());
    assertEquals(
        "1/1 open\n1/0 open\n0/0 redriven\n",
        run("dead", "list", "--all", "--no-headers")
            .out()
            .replaceAll("(?m)^(\\S+) +\\S+ +(\\S+).*$", "$1 $2"));
    String text = run("dead", "get", "0/0").out();
    assertTrue(
        text.matches("(?s)letter    0/0\nstate     redriven\n +redriven by ada at 20\\S+Z: r\n.*"),
        text);
    assertTrue(
        run("audit", "--canvas=shop", "--limit=1", "-o", "jsonl")
            .out()
            .endsWith(
                "\"actor\":\"ada\",\"action\":\"dead redrive\",\"target\":\"shop/mail\","
                    + "\"before\":\"1 dead letter (by name)\",\"after\":\"redriven\","
                    + "\"reason\":\"r\"}\n"));
  }

  @Test
  void what_cannot_be_redriven_is_named_and_stays() {
    letters();
    String stays = "it is no event: it has no header ce_type";
    assertEquals(
        new Said(
            0,
            "2 dead letters would be redriven\n  shop/mail: 1\n  shop/pay: 1\n1 stays: "
                + stays
                + "\n",
            "nightshift: 1/1 stays: " + stays + "\n"),
        run("dead", "redrive", "--all", "--dry-run"));
    assertEquals(
        new Said(
            0,
            "{\"schemaVersion\":1,\"dryRun\":false,\"selected\":1,\"redriven\":1,\"already\":0,"
                + "\"notComeTo\":0,\"more\":1,\"stay\":1,\"queues\":{\"shop/mail\":1},"
                + "\"stays\":[{\"letter\":\"1/1\",\"reason\":\""
                + stays
                + "\"}]}\n",
            "nightshift: 1/1 stays: " + stays + "\n"),
        run("dead", "redrive", "--canvas=shop", "--max=1", "--rate=50/s", "-o", "jsonl"));
    assertEquals(
        new Said(
            4,
            "0 dead letters were redriven\n1 stays: " + stays + "\n",
            "nightshift: 1/1 stays: " + stays + "\n"),
        run("dead", "redrive", "1/1"));
    run("canvas", "delete", "shop", "-y");
    assertEquals(
        new Said(
            4,
            "0 dead letters were redriven\n1 stays: its canvas shop (generation 1) was deleted\n",
            "nightshift: 1/0 stays: its canvas shop (generation 1) was deleted\n"),
        run("dead", "redrive", "1/0"));
  }

  @Test
  void letters_are_discarded_when_somebody_agrees() {
    letters();
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: discarding 1 dead letter wants to be confirmed, and there is no terminal to"
                + " ask on: say --yes to do it. Nothing was changed\n"),
        run("dead", "discard", "1/1", "--reason=noise"));
    assertEquals(
        new Said(0, "1 dead letter would be discarded\n  shop/?: 1\n", ""),
        run("dead", "discard", "1/1", "--reason=noise", "--dry-run"));
    assertEquals(
        new Said(0, "1 dead letter was discarded\n", ""),
        run("dead", "discard", "--dead-reason=undecodable", "--reason=noise", "--yes"));
    assertEquals("1/0\n0/0\n", run("dead", "list", "-o", "name").out());
    assertEquals(
        new Said(0, "0 dead letters were redriven\n1 was redriven or discarded before\n", ""),
        run("dead", "redrive", "1/1"));
    assertTrue(run("audit", "--limit=1").out().contains("dead discard  shop/?"));
  }

  @Test
  void what_is_wrong_is_said() {
    letters();
    String which =
        " them by ID, or say --canvas, --queue, --dead-reason, --since or --until, or --all for all."
            + " Nothing was done\n";
    assertEquals(
        new Said(2, "", "nightshift: which dead letters? Name" + which), run("dead", "redrive"));
    assertEquals(
        new Said(2, "", "nightshift: IDs, filters and --all exclude each other: name" + which),
        run("dead", "redrive", "0/0", "--all"));
    Said none = run("dead", "redrive", "0/7", "e9");
    assertEquals(3, none.exitCode());
    assertTrue(
        none.err()
            .startsWith("nightshift: there is no dead letter '0/7', 'e9' in " + prefix + "dead,"),
        none.err());
    assertWrong("--max: '0' is not allowed: a number from 1 to 1000000000", "--max=0");
    assertWrong(
        "--rate: 'fast' is no rate: write a whole number for each second, minute or hour, such as"
            + " 50/s, 600/m or 1000/h",
        "--rate=fast");
    assertWrong(
        "--since: 'soon' is no time: write 30m, 2h or 2026-01-02T03:04:05Z", "--since=soon");
    assertWrong(
        "--queue: queue name 'a/b' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'",
        "--queue=a/b");
    Said turned =
        run("dead", "list", "--since=2026-01-02T00:00:00Z", "--until=2026-01-01T00:00:00Z");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: nothing died between --since (2026-01-02T00:00:00Z) and --until"
                + " (2026-01-01T00:00:00Z): the first must be the earlier, such as --since 2d"
                + " --until 1d\n"),
        turned);
    assertTrue(run("dead", "discard", "0/0").err().contains("--reason"));
    for (String verb : List.of("list", "get", "redrive", "discard")) {
      assertTrue(run("dead", verb, "--help").out().contains("nightshift dead " + verb + " "), verb);
    }
  }

  private void assertWrong(String problem, String option) {
    assertEquals(
        new Said(
            2, "", "nightshift: " + problem + "\nHow it is used: nightshift dead redrive --help\n"),
        run("dead", "redrive", option));
  }

  @Test
  void without_a_fleet_there_are_no_letters() {
    assertEquals(3, run("dead", "list").exitCode());
    assertEquals(69, Said.by("dead", "list", "--bootstrap-server=localhost:1").exitCode());
  }

  // Of shop/mail, of shop/pay, and one that is no event; a second apart.
  private void letters() {
    run("init", "--replication=1");
    run("canvas", "create", "shop", "--partitions=1");
    Map<String, String> mail = exhausted("e1", "mail");
    die(0, 0, mail, "{\"a\":1}".getBytes(UTF_8));
    die(1, 1, exhausted("e2", "pay"), new byte[0]);
    Map<String, String> broken = new TreeMap<>();
    broken.put("ce_id", "e3");
    broken.put("ns-origin", prefix + "events.shop/0/6");
    broken.put("ns-outcome", "undecodable");
    broken.put("ns-reason", "it has no header ce_type");
    die(1, 2, broken, new byte[] {(byte) 0xff, 0});
  }

  private Map<String, String> exhausted(String id, String queue) {
    return new TreeMap<>(
        Map.of(
            "ce_id", id,
            "ce_type", queue,
            "ns-canvas", "shop",
            "ns-attempt", "5",
            "ns-history", "1 w1 2026-03-01T11:58:00Z lost\n5 w2 2026-03-01T11:59:00Z lost",
            "ns-origin", prefix + "events.shop/0/4",
            "ns-outcome", "exhausted",
            "ns-reason", "all 5 attempts were lost",
            "ns-writer", "w2"));
  }

  private void die(int partition, int seconds, Map<String, String> values, byte[] payload) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            prefix + "dead", partition, first.plusSeconds(seconds).toEpochMilli(), null, payload);
    Headers headers = record.headers();
    values.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    producer.send(record);
    producer.flush();
  }

  private Said run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--bootstrap-server=" + kafka.bootstrapServers());
    command.add("--topic-prefix=" + prefix);
    return Said.by(command.toArray(String[]::new));
  }
}
