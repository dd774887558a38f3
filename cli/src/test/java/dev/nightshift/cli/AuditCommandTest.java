package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The audit and the making of a fleet on a real broker. Each test has its own fleet, by its
/// prefix.
@Timeout(120)
class AuditCommandTest {
  private static final AtomicInteger FLEETS = new AtomicInteger();
  private static LocalKafka kafka;

  private final String prefix = "fleet" + FLEETS.incrementAndGet() + ".";

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void a_fleet_is_made_once() {
    assertEquals(
        new Said(
            0,
            """
            {"schemaVersion":1,"topic":"%1$scontrol","changed":true}
            {"schemaVersion":1,"topic":"%1$sretry","changed":true}
            {"schemaVersion":1,"topic":"%1$sdelayed","changed":true}
            {"schemaVersion":1,"topic":"%1$sdead","changed":true}
            {"schemaVersion":1,"topic":"%1$sdead-done","changed":true}
            {"schemaVersion":1,"topic":"%1$sschedules","changed":true}
            {"schemaVersion":1,"topic":"%1$straces","changed":true}
            {"schemaVersion":1,"topic":"%1$saudit","changed":true}
            {"schemaVersion":1,"topic":"%1$sworkers","changed":true}
            {"schemaVersion":1,"topic":"%1$sscale","changed":true}
            """
                .formatted(prefix),
            ""),
        run("init", "--replication=1", "-o", "jsonl"));
    assertEquals(
        """
        %1$scontrol    was there already
        %1$sretry      was there already
        %1$sdelayed    was there already
        %1$sdead       was there already
        %1$sdead-done  was there already
        %1$sschedules  was there already
        %1$straces     was there already
        %1$saudit      was there already
        %1$sworkers    was there already
        %1$sscale      was there already
        """
            .formatted(prefix),
        run("init", "--no-headers").out());
    assertTrue(run("init").out().matches("TOPIC +STATE\n(?s).*"));
  }

  @Test
  void a_fleet_with_a_topic_that_would_lose_something_is_refused() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(prefix + "control", 1, (short) 1))).all().get();
    }
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: topic "
                + prefix
                + "control cannot be used as it is: cleanup.policy is delete, only compact is"
                + " allowed; canvases and flags would be forgotten. Correct it with:"
                + " kafka-configs.sh --bootstrap-server "
                + kafka.bootstrapServers()
                + " --alter --entity-type topics --entity-name "
                + prefix
                + "control --add-config cleanup.policy=compact\n"),
        run("init"));
    assertEquals(
        new Said(2, "", "nightshift: replication -1 is not allowed: from 1 to 32767\n"),
        run("init", "--replication=-1"));
  }

  @Test
  void the_audit_tells_who_did_what_newest_last() {
    changes();
    assertEquals(
        """
        {"actor":"ada","action":"canvas create","target":"shop","before":"none",\
        "after":"generation 1, topic %1$sevents.shop, active","reason":"new customer"}
        {"actor":"ada","action":"canvas create","target":"bank","before":"none",\
        "after":"generation 1, topic %1$sevents.bank, active","reason":""}
        {"actor":"bob","action":"queue pause","target":"shop/mail","before":"none",\
        "after":"paused by bob since T: a \\"quoted\\" reason","reason":"a \\"quoted\\" reason"}
        {"actor":"bob","action":"canvas delete","target":"bank",\
        "before":"generation 1, topic %1$sevents.bank, active",\
        "after":"generation 1, topic %1$sevents.bank, deleted with any events that wait or are delayed","reason":"closed"}
        """
            .formatted(prefix),
        timeless(run("audit", "-o", "jsonl")));
    assertEquals("shop\nbank\nshop/mail\nbank\n", run("audit", "-o", "name").out());
  }

  @Test
  void the_audit_may_be_narrowed_down() {
    changes();
    assertEquals("shop\nshop/mail\n", run("audit", "--canvas=shop", "-o", "name").out());
    assertEquals("shop/mail\nbank\n", run("audit", "--limit=2", "-o", "name").out());
    assertEquals(
        "bank\n", run("audit", "--canvas=bank", "--limit=1", "--since=1h", "-o", "name").out());
    assertEquals(
        4, run("audit", "--since=1970-01-01T00:00:00Z", "-o", "name").out().lines().count());
    assertEquals(
        new Said(0, "", "nightshift: the audit has no such changes\n"),
        run("audit", "--since=2999-01-01T00:00:00Z"));
    assertEquals(
        new Said(
            0,
            "{\n  \"schemaVersion\" : 1,\n  \"changes\" : [ ]\n}\n",
            "nightshift: the audit has no such changes\n"),
        run("audit", "--canvas=sho", "-o", "json"));
  }

  @Test
  void the_table_has_ages() {
    changes();
    String table = run("audit", "--limit=1").out();
    assertTrue(
        table.matches(
            "AGE +ACTOR +ACTION +TARGET +BEFORE +AFTER +REASON\n"
                + "\\d+s +bob +canvas delete +bank +active +deleted with any events that wait or are delayed +closed\n"),
        table);
  }

  @Test
  void what_is_wrong_is_said() {
    assertWrong(
        "--since: 'soon' is no time: write 30m, 2h or 2026-01-02T03:04:05Z", "--since=soon");
    assertWrong(
        "--since: '+999999999-01-01T00:00:00Z' is no time: write 30m, 2h or"
            + " 2026-01-02T03:04:05Z",
        "--since=+999999999-01-01T00:00:00Z");
    assertWrong("--limit: '0' is not allowed: a number from 1 to 100000", "--limit=0");
    assertWrong("--limit: 'all' is not allowed: a number from 1 to 100000", "--limit=all");
    assertWrong(
        "--canvas: canvas name 'shop/mail' is not allowed: 1 to 63 of a-z, 0-9 and '-', not"
            + " starting with '-'",
        "--canvas=shop/mail");
  }

  private void assertWrong(String problem, String option) {
    assertEquals(
        new Said(2, "", "nightshift: " + problem + "\nHow it is used: nightshift audit --help\n"),
        run("audit", option));
  }

  @Test
  void without_a_fleet_there_is_no_audit() {
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no topic "
                + prefix
                + "audit on "
                + kafka.bootstrapServers()
                + ". Check the address and the topic prefix ("
                + prefix
                + "); a new fleet's topics are made with: nightshift init\n"),
        run("audit"));
  }

  private void changes() {
    String bob = "--actor=bob";
    String ada = "--actor=ada";
    run("init", "--replication=1");
    run("canvas", "create", "shop", "--partitions=1", ada, "--reason=new customer");
    run("canvas", "create", "bank", "--partitions=1", ada);
    run("queue", "pause", "shop/mail", bob, "--reason=a \"quoted\" reason");
    run("canvas", "delete", "bank", "-y", bob, "--reason=closed");
  }

  private static String timeless(Said said) {
    String time = "20[0-9-]+T[0-9:.]+Z";
    return said.out()
        .replaceAll("\"schemaVersion\":1,\"at\":\"" + time + "\",", "")
        .replaceAll(time, "T");
  }

  private Said run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--bootstrap-server=" + kafka.bootstrapServers());
    command.add("--topic-prefix=" + prefix);
    return Said.by(command.toArray(String[]::new));
  }
}
