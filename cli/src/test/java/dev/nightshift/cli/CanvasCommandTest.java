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

/// The commands for canvases on a real broker. Each test has its own fleet, by its prefix.
@Timeout(120)
class CanvasCommandTest {
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
  void a_canvas_is_created_once() {
    init();
    assertEquals(
        new Said(
            0, "canvas shop is created: topic " + prefix + "events.shop with 6 partitions\n", ""),
        canvas("create", "shop"));
    assertEquals(
        new Said(
            0,
            "canvas shop was there already: topic " + prefix + "events.shop with 6 partitions\n",
            "nightshift: the topic was there already, with 6: --partitions does nothing for it\n"),
        canvas("create", "shop", "--partitions=3"));
    assertEquals(
        new Said(
            0,
            """
            {"schemaVersion":1,"changed":true,"canvas":{"name":"bank","state":"active",\
            "generation":1,"topic":"%1$sevents.bank","shared":false,"partitions":1,"group":"%1$sworkers"}}
            """
                .formatted(prefix),
            ""),
        canvas("create", "bank", "--partitions=1", "--replication=1", "-o", "jsonl"));
    assertEquals(
        new Said(
            0,
            """
            {
              "schemaVersion" : 1,
              "changed" : false,
              "canvas" : {
                "name" : "bank",
                "state" : "active",
                "generation" : 1,
                "topic" : "%1$sevents.bank",
                "shared" : false,
                "partitions" : 1,
                "group" : "%1$sworkers"
              }
            }
            """
                .formatted(prefix),
            ""),
        canvas("create", "bank", "-o", "json"));
    assertEquals(new Said(0, "bank\n", ""), canvas("create", "bank", "-o", "name"));
  }

  @Test
  void canvases_may_share_a_topic() {
    init();
    String topic = prefix + "events.shared.tenants";
    assertEquals(
        new Said(
            0,
            "canvas one is created: shared topic "
                + topic
                + " with 2 partitions, no other canvas is there\n",
            ""),
        canvas("create", "one", "--shared-topic=tenants", "--partitions=2"));
    assertEquals(
        new Said(
            0,
            "canvas two is created: shared topic "
                + topic
                + " with 2 partitions, beside 1 other canvas\n",
            "nightshift: the topic was there already, with 2: --partitions does nothing for it\n"),
        canvas("create", "two", "--shared-topic=tenants", "--partitions=12"));
    assertEquals(
        new Said(
            0,
            "canvas two was there already: shared topic "
                + topic
                + " with 2 partitions, beside 1 other canvas\n",
            "nightshift: it stays in the topic where it was created: --shared-topic does nothing for"
                + " it\n"),
        canvas("create", "two", "--shared-topic=others"));
    assertEquals(
        """
        name        two
        state       active
        generation  1
        topic       %1$sevents.shared.tenants (shared)
        partitions  2
        group       %1$sworkers
        """
            .formatted(prefix),
        canvas("describe", "two").out());
    run("event", "emit", "one/mail", "1");
    run("event", "emit", "two/mail", "2");
    run("event", "emit", "two/mail", "3");
    assertEquals("one/mail\n", run("queue", "list", "one/*", "-o", "name").out());
    assertEquals("one/mail\ntwo/mail\n", run("queue", "list", "-o", "name").out());
    String two = run("queue", "describe", "two/mail", "--exact", "-o", "jsonl").out();
    assertTrue(two.contains("\"waiting\":2"), two);
    canvas("delete", "one", "--yes");
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: canvas one cannot be created in the shared topic "
                + topic
                + " again: what was emitted there before it was deleted may still be there. Create it"
                + " with a topic of its own, nightshift canvas create one, or name another one that it"
                + " shares\n"),
        canvas("create", "one", "--shared-topic=tenants"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: shared topic name '2nd' is not allowed: 1 to 63 of a-z, 0-9 and '-',"
                + " starting with a letter\n"),
        canvas("create", "three", "--shared-topic=2nd"));
  }

  @Test
  void the_list_shows_what_there_is() {
    init();
    assertEquals(
        new Said(
            0,
            "",
            "nightshift: there are no canvases; create one with: nightshift canvas create NAME\n"),
        canvas("list"));
    canvas("create", "shop");
    canvas("create", "bank", "--partitions=1");
    canvas("create", "gone", "--partitions=1");
    canvas("delete", "gone", "--yes");
    assertEquals(
        """
        NAME  STATE   PARTITIONS  GENERATION  TOPIC%1$s         GROUP
        bank  active  1           1           %2$sevents.bank  %2$sworkers
        shop  active  6           1           %2$sevents.shop  %2$sworkers
        """
            .formatted(" ".repeat(prefix.length() - 1 - "s".length()), prefix),
        canvas("list").out().replaceAll("(TOPIC) +", "$1" + " ".repeat(prefix.length() + 7)));
    assertEquals("bank\nshop\n", canvas("list", "-o", "name").out());
    assertEquals("bank\ngone\nshop\n", canvas("list", "--all", "-o", "name").out());
    assertEquals(2, canvas("list", "--no-headers").out().lines().count());
    assertEquals(
        """
        {"schemaVersion":1,"name":"bank","state":"active","generation":1,\
        "topic":"%1$sevents.bank","shared":false,"partitions":1,"group":"%1$sworkers"}
        {"schemaVersion":1,"name":"gone","state":"deleted","generation":1,\
        "topic":"%1$sevents.gone","shared":false,"partitions":1,"group":"%1$sworkers"}
        {"schemaVersion":1,"name":"shop","state":"active","generation":1,\
        "topic":"%1$sevents.shop","shared":false,"partitions":6,"group":"%1$sworkers"}
        """
            .formatted(prefix),
        canvas("list", "-a", "-o", "jsonl").out());
  }

  @Test
  void a_description_has_the_flags_that_stop_it() {
    init();
    canvas("create", "shop", "--partitions=2");
    run("queue", "pause", "shop/mail", "--actor=ada", "--reason=too many");
    run("queue", "block", "*", "--actor=bob", "--reason=incident", "--until=2h");
    run("canvas", "create", "bank");
    run("queue", "pause", "bank/*", "--actor=ada");
    String said = canvas("describe", "shop").out();
    assertTrue(
        said.matches(
            """
            name        shop
            state       active
            generation  1
            topic       %1$sevents.shop
            partitions  2
            group       %1$sworkers
            flag        \\* is blocked by bob since \\S+ until \\S+: incident
            flag        shop/mail is paused by ada since \\S+: too many
            """
                .formatted(prefix)),
        said);
    String json = canvas("describe", "shop", "-o", "jsonl").out();
    String time = "\"20[0-9-]+T[0-9:.]+Z\"";
    assertTrue(
        json.matches(
            """
            \\{"schemaVersion":1,"canvas":\\{"name":"shop","state":"active","generation":1,\
            "topic":"%1$sevents.shop","shared":false,"partitions":2,"group":"%1$sworkers","flags":\\[\
            \\{"scope":"\\*","state":"blocked","actor":"bob","reason":"incident","setAt":%2$s,\
            "until":%2$s},\
            \\{"scope":"shop/mail","state":"paused","actor":"ada","reason":"too many",\
            "setAt":%2$s}]}}
            """
                .formatted(prefix, time)),
        json);
  }

  @Test
  void a_canvas_is_deleted_once_and_may_be_created_again() {
    init();
    canvas("create", "shop", "--partitions=1");
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: deleting canvas shop wants its name typed, and there is no terminal to ask"
                + " on: say --yes to do it. Nothing was changed\n"),
        canvas("delete", "shop"));
    assertEquals("shop\n", canvas("list", "-o", "name").out());
    run("cron", "set", "shop/a", "--queue=mail", "--every=1h");
    run("cron", "set", "shop/b", "--queue=mail", "--every=1h");
    assertEquals(
        new Said(
            0,
            "canvas shop is deleted, with its 2 crons and any events that wait or are delayed\n",
            ""),
        canvas("delete", "shop", "-y"));
    String audit = run("audit", "-o", "jsonl").out();
    assertTrue(
        audit.contains(
            "events.shop, deleted with its 2 crons and any events that wait or are delayed\",\"reason\""),
        audit);
    assertEquals(new Said(0, "canvas shop was deleted already\n", ""), canvas("delete", "shop"));
    assertEquals(
        """
        {"schemaVersion":1,"changed":false,"canvas":{"name":"shop","state":"deleted",\
        "generation":1,"topic":"%1$sevents.shop","shared":false,"partitions":1,"group":"%1$sworkers"}}
        """
            .formatted(prefix),
        canvas("delete", "shop", "--yes", "-o", "jsonl").out());
    assertEquals(
        "canvas shop is created: topic " + prefix + "events.shop.2 with 1 partition\n",
        canvas("create", "shop", "--partitions=1").out());
    run("cron", "set", "shop/a", "--queue=mail", "--every=1h");
    assertEquals(
        "canvas shop is deleted, with its cron and any events that wait or are delayed\n",
        canvas("delete", "shop", "-y").out());
    canvas("create", "shop", "--partitions=1");
    assertEquals(
        "canvas shop is deleted, with any events that wait or are delayed\n",
        canvas("delete", "shop", "-y").out());
  }

  @Test
  void a_canvas_that_is_not_there_is_not_found() {
    init();
    String unknown =
        "nightshift: there is no canvas 'shop', nor any other; create one with: nightshift canvas"
            + " create NAME\n";
    assertEquals(new Said(3, "", unknown), canvas("delete", "shop", "--yes"));
    assertEquals(new Said(3, "", unknown), canvas("delete", "shop"));
    assertEquals(new Said(3, "", unknown), canvas("describe", "shop"));
    canvas("create", "bank");
    String far = "nightshift: there is no canvas 'shop'. See them with: nightshift canvas list\n";
    assertEquals(new Said(3, "", far), canvas("describe", "shop"));
  }

  @Test
  void a_topic_that_would_lose_events_is_refused() throws Exception {
    init();
    String topic = prefix + "events.shop";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      NewTopic trimmed =
          new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "604800000"));
      admin.createTopics(List.of(trimmed)).all().get();
    }
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: topic "
                + topic
                + " cannot be used as it is: retention.ms is 604800000, only -1 is allowed; events"
                + " would be removed before they ran. Correct it with: kafka-configs.sh"
                + " --bootstrap-server "
                + kafka.bootstrapServers()
                + " --alter --entity-type topics --entity-name "
                + topic
                + " --add-config retention.ms=-1\n"),
        canvas("create", "shop"));
  }

  @Test
  void what_is_wrong_is_said() {
    init();
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not"
                + " starting with '-'\n"),
        canvas("create", "Shop"));
    assertEquals(
        new Said(2, "", "nightshift: partitions 0 is not allowed: from 1 to 10000\n"),
        canvas("create", "shop", "--partitions=0"));
    assertEquals(
        new Said(2, "", "nightshift: replication 0 is not allowed: from 1 to 32767\n"),
        canvas("create", "shop", "--replication=0"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: --output: 'xml' is no format: table,"
                + " wide, json, jsonl, yaml or name\n"
                + "How it is used: nightshift canvas list --help\n"),
        canvas("list", "-o", "xml"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: NAME is missing\n" + "How it is used: nightshift canvas delete --help\n"),
        canvas("delete"));
  }

  @Test
  void a_fleet_that_is_not_there_is_not_found() {
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: cannot read the control topic "
                + prefix
                + "control: it does not exist on "
                + kafka.bootstrapServers()
                + ". Check the address and the topic prefix ("
                + prefix
                + "); a new fleet's topics are made by its first worker\n"),
        canvas("list"));
  }

  private void init() {
    assertEquals(0, run("init", "--replication=1").exitCode());
  }

  private Said canvas(String... arguments) {
    List<String> command = new ArrayList<>(List.of("canvas"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private Said run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--bootstrap-server=" + kafka.bootstrapServers());
    command.add("--topic-prefix=" + prefix);
    return Said.by(command.toArray(String[]::new));
  }
}
