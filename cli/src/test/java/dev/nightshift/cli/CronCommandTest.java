package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands for crons on a real broker. Each test has its own canvas.
@Timeout(180)
class CronCommandTest {
  private static final String TIME = "20[0-9-]+T[0-9:.]+Z";
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    assertEquals(0, run("init", "--replication=1").exitCode());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void what_is_named_changes_and_the_rest_stays() {
    canvas("shop");
    says(
        "cron shop/report is set: 0 3 \\* \\* MON-FRI \\(Europe/Berlin\\) into mail, missed once,"
            + " overlap allow, payload 12 bytes of application/json; it ticks next at "
            + TIME
            + "\n",
        "cron set shop/report --queue=mail --zone=Europe/Berlin --payload={\"kind\":\"a\"}",
        "--schedule=0 3 * * MON-FRI");
    says(
        "cron shop/report would be set: 0 3 .*, missed all, overlap allow, .* \\(before: 0 3 .*,"
            + " missed once, .*\n",
        "cron set shop/report --missed=all --dry-run");
    says(
        "cron shop/report is set: 0 3 \\* \\* MON-FRI \\(Asia/Tokyo\\) into mail, missed skip,"
            + " overlap skip, payload 12 bytes of application/json \\(before: 0 3 \\* \\* MON-FRI"
            + " \\(Europe/Berlin\\) into mail, missed once, overlap allow, payload 12 bytes of"
            + " application/json\\); it ticks next at "
            + TIME
            + "\n",
        "cron set shop/report --missed=skip --overlap=skip --zone=Asia/Tokyo");
    says(
        "cron shop/report was set already: 0 3 .*; it ticks next at " + TIME + "\n",
        "cron set shop/report --missed=skip");
    says(
        "cron shop/report was set already, nothing would change: 0 3 .*; it ticks next at .*\n",
        "cron set shop/report --missed=skip --dry-run");
    says(
        "cron shop/report is set: every 90s into mail, missed skip, overlap skip, payload 12 bytes"
            + " of application/json \\(before: .*\n",
        "cron set shop/report --every=90s");
    says(
        "\\{\"schemaVersion\":1,\"dryRun\":true,\"name\":\"shop/report\",\"changed\":false,.*\n",
        "cron set shop/report --queue=post --dry-run -o jsonl");
    says(
        "\\{\"schemaVersion\":1,\"dryRun\":false,\"name\":\"shop/report\",\"changed\":true,\"paused\":false,"
            + "\"queue\":\"post\",\"schedule\":\"every 90s\",\"payload\":\\{\"kind\":\"a\"\\},"
            + "\"missed\":\"skip\",\"overlap\":\"skip\"\\}\n",
        "cron set shop/report --queue=post -o jsonl --reason=moved --actor=ann");
    Said audit = run("audit", "--canvas=shop", "-o", "jsonl");
    assertTrue(
        audit
            .out()
            .contains("\"actor\":\"ann\",\"action\":\"cron set\",\"target\":\"shop/report\""),
        audit.out());
  }

  @Test
  void a_cron_is_shown_whole() {
    canvas("show");
    run("cron", "set", "show/beat", "--queue=ping", "--every=12 hours", "--actor=ada");
    run(
        "cron",
        "set",
        "show/report",
        "--queue=mail",
        "--schedule=@daily",
        "--zone=Europe/Berlin",
        "--actor=ada");
    run("cron", "pause", "show/report", "--actor=bob", "--reason=month-end");
    says(
        """
        NAME +SCHEDULE +ZONE +QUEUE +STATE +NEXT +LAST
        show/beat +every 12 hours +- +ping +active +in [0-9]+[hms] +-
        show/report +@daily +Europe/Berlin +mail +paused +- +-
        """,
        "cron list show");
    says("show/beat\nshow/report\n", "cron list show/* -o name");
    says(
        """
        cron +show/report
        state +paused by bob since %1$s: month-end
        schedule +@daily \\(Europe/Berlin\\)
        queue +show/mail
        payload +2 bytes of application/json: \\{\\}
        missed +once
        overlap +allow
        next +none while it is paused
        last +none yet
        set +by ada at %1$s
        """
            .formatted(TIME),
        "cron describe show/report");
    says(
        "\\{\"schemaVersion\":1,\"cron\":\\{\"name\":\"show/report\",\"canvas\":\"show\","
            + "\"queue\":\"mail\",\"schedule\":\"@daily\",\"zone\":\"Europe/Berlin\","
            + "\"payload\":\\{\\},\"missed\":\"once\",\"overlap\":\"allow\",\"state\":\"paused\","
            + "\"pause\":\\{\"actor\":\"bob\",\"at\":\"%1$s\",\"reason\":\"month-end\"\\},"
                .formatted(TIME)
            + "\"setBy\":\"ada\",\"setAt\":\"%1$s\"\\}\\}\n".formatted(TIME),
        "cron describe show/report -o jsonl");
  }

  @Test
  void a_cron_is_paused_resumed_and_deleted_once() {
    canvas("stop");
    run("cron", "set", "stop/beat", "--queue=ping", "--every=week");
    says(
        "cron stop/beat is paused by ada since " + TIME + ": r\n",
        "cron pause stop/beat --reason=r --actor=ada");
    says(
        "cron stop/beat was already paused by ada since " + TIME + ": r\n", "cron pause stop/beat");
    Said set = run("cron", "set", "stop/beat", "--missed=all", "-o", "name");
    assertTrue(
        set.err()
            .matches(
                "nightshift: it is paused by ada since "
                    + TIME
                    + ": r; resume it with: nightshift cron resume stop/beat\n"),
        set.err());
    says(
        "cron stop/beat is not paused any more; it ticks next at " + TIME + "\n",
        "cron resume stop/beat");
    says("cron stop/beat was not paused; it ticks next at .*\n", "cron unpause stop/beat");
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: deleting cron stop/beat wants to be confirmed, and there is no terminal to"
                + " ask on: say --yes to do it. Nothing was changed\n"),
        run("cron", "delete", "stop/beat"));
    says("cron stop/beat is deleted\n", "cron delete stop/beat --yes");
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: there is no cron 'stop/beat'; see what there is with: nightshift cron list"
                + " stop\n"),
        run("cron", "delete", "stop/beat", "--yes"));
  }

  @Test
  void a_triggered_event_is_emitted_at_once_and_marked() {
    canvas("now");
    run("cron", "set", "now/report", "--queue=mail", "--every=week", "--payload=[1,2]");
    run("cron", "pause", "now/report");
    says("an event would be emitted into now/mail\n", "cron trigger now/report --dry-run");
    Said said = run("cron", "trigger", "now/report", "--actor=ada");
    assertEquals(0, said.exitCode(), said.err());
    List<ConsumerRecord<String, String>> events = read("nightshift.events.now");
    assertEquals(1, events.size());
    assertEquals("[1,2]", events.get(0).value());
    Map<String, String> headers = new TreeMap<>();
    events
        .get(0)
        .headers()
        .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
    assertEquals(said.out().strip(), headers.get("ce_id"));
    assertEquals("mail", headers.get("ce_type"));
    assertEquals("application/json", headers.get("content-type"));
    assertEquals("report", headers.get("ns-cron"));
    assertEquals("ada", headers.get("ns-triggered"));
    assertTrue(headers.getOrDefault("ns-scheduled", "").matches(TIME), headers::toString);
  }

  @Test
  void the_next_ticks_are_shown_where_clocks_are_set() {
    assertEquals(
        new Said(
            0,
            """
            TICK                  LOCAL                      IN
            2026-03-28T01:30:00Z  2026-03-28T02:30:00+01:00  -
            2026-03-29T01:00:00Z  2026-03-29T03:00:00+02:00  -
            2026-03-30T00:30:00Z  2026-03-30T02:30:00+02:00  -
            """,
            ""),
        Said.by(
            "cron",
            "next",
            "-n=3",
            "--schedule=30 2 * * *",
            "--zone=Europe/Berlin",
            "--from=2026-03-28T00:00:00Z"));
    canvas("next");
    run("cron", "set", "next/beat", "--queue=ping", "--every=week");
    run("cron", "pause", "next/beat", "--actor=ada");
    Said said =
        run("cron", "next", "next/beat", "-n", "2", "--from=2026-01-01T00:00:00Z", "-o", "jsonl");
    assertEquals(
        """
        {"schemaVersion":1,"tick":"2026-01-05T00:00:00Z","local":"2026-01-05T00:00:00Z"}
        {"schemaVersion":1,"tick":"2026-01-12T00:00:00Z","local":"2026-01-12T00:00:00Z"}
        """,
        said.out());
    assertTrue(
        said.err()
            .matches(
                "nightshift: it is paused by ada since "
                    + TIME
                    + ": none of these is emitted before it is resumed\n"),
        said.err());
  }

  @Test
  void a_duration_says_how_far_ahead_the_next_ticks_are_looked_for() {
    Instant before = Instant.now();
    Said said = Said.by("cron", "next", "-n=1", "--every=1s", "--from=30m", "-o", "name");
    Instant after = Instant.now();
    assertEquals(0, said.exitCode(), said.err());
    Instant tick = Instant.parse(said.out().strip());
    assertTrue(tick.isAfter(before.plusSeconds(1_800)), said.out());
    assertFalse(tick.isAfter(after.plusSeconds(1_801)), said.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          set shop/Report --queue=q --every=1m   | CANVAS/NAME: cron name 'Report' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'
          set report --queue=q --every=1m        | CANVAS/NAME: 'report' names no cron: write CANVAS/NAME, such as shop/nightly-report
          set shop/a --queue=q --every=1x        | --every: every '1x' is not allowed: a whole number with s, m, h or d, such as 90s or 3h, from 1s to 366d; or minute, hour, 12 hours, day, week, fortnight
          set shop/a --queue=q --every=1m --schedule=@daily | --schedule and --every exclude each other: local times, or elapsed time
          set shop/a --queue=q --every=1m --missed=some | --missed: 'some' is not allowed: skip, once, all
          set shop/a --queue=q --every=1m --overlap=no  | --overlap: 'no' is not allowed: allow, skip
          set shop/a --queue=q --schedule=@daily --zone=Europe/Berln | --zone: zone 'Europe/Berln' is not known: a name such as Europe/Berlin, or UTC (the default); did you mean Europe/Berlin?
          set shop/a --queue=q --schedule=@daily --zone=berlin | --zone: zone 'berlin' is not known: a name such as Europe/Berlin, or UTC (the default); did you mean Europe/Berlin?
          set shop/a --queue=q --schedule=@daily --zone=Mars/X | --zone: zone 'Mars/X' is not known: a name such as Europe/Berlin, or UTC (the default)
          set shop/a --queue=q --schedule=@daily --zone= | --zone: zone '' is not known: a name such as Europe/Berlin, or UTC (the default)
          set shop/a --queue=q --schedule=@daily --payload=- | --payload: '-' stands for standard input, which a cron's payload is not read from: write the JSON value, or put it into a file for nightshift cron apply
          set shop/a --queue=q --every=1m --zone=Europe/Rome | zone 'Europe/Rome' is not allowed with 'every 1m', which is elapsed time and the same in all zones: leave it out, or say times such as '0 3 * * *'
          next                                   | which cron? Name one, CANVAS/NAME, or try a schedule with --schedule or --every
          next shop/a --every=1m                 | a cron's own schedule is shown: --schedule, --zone and --every are for one that is no cron yet
          next --every=1m -n=0                   | --count: '0' is not allowed: a number from 1 to 1000
          next --every=1m --from=soon            | --from: 'soon' is no time: write 30m, 2h or 2026-01-02T03:04:05Z
          next --zone=UTC                        | --zone needs --schedule: which times are in this zone?
          """)
  void what_is_not_allowed_is_said(String call, String says) {
    Said said = run(("cron " + call).split(" "));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: "
                + says
                + "\nHow it is used: nightshift cron "
                + call.split(" ")[0]
                + " --help\n"),
        said);
  }

  @Test
  void all_that_a_cron_lacks_or_is_wrong_with_it_is_said_at_once() {
    canvas("lack");
    assertEquals(
        new Said(
            2,
            "",
            """
            nightshift: 2 problems:
            - into which queue? A new cron needs --queue
            - when? A new cron needs --schedule or --every
            How it is used: nightshift cron set --help
            """),
        run("cron", "set", "lack/a", "--missed=all"));
    assertEquals(
        new Said(
            2,
            "",
            """
            nightshift: 4 problems:
            - --queue: queue name 'q!' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'
            - --schedule: schedule '61 3 * * *' is not allowed: minute '61' is not 0 to 59. A field\
             is * or a number, a range such as 1-5, * or a range with a step such as */15, or\
             several with commas
            - --zone: zone 'Europe/Berln' is not known: a name such as Europe/Berlin, or UTC (the\
             default); did you mean Europe/Berlin?
            - --missed: 'some' is not allowed: skip, once, all
            How it is used: nightshift cron set --help
            """),
        run(
            "cron",
            "set",
            "lack/a",
            "--queue=q!",
            "--schedule=61 3 * * *",
            "--zone=Europe/Berln",
            "--missed=some"));
    assertEquals(
        new Said(
            3,
            "",
            """
            nightshift: 3 problems:
            - there is no canvas 'quaxx'. See them with: nightshift canvas list
            - into which queue? A new cron needs --queue
            - when? A new cron needs --schedule or --every
            """),
        run("cron", "set", "quaxx/a", "--missed=all"));
    assertEquals(
        new Said(
            0,
            "",
            "nightshift: there are no crons of canvas lack; set one with: nightshift cron set"
                + " CANVAS/NAME --queue QUEUE --schedule TIMES\n"),
        run("cron", "list", "lack"));
  }

  private static void canvas(String name) {
    assertEquals(0, run("canvas", "create", name, "--partitions=1").exitCode());
  }

  private static void says(String pattern, String call, String... more) {
    Said said =
        run(Stream.concat(Stream.of(call.split(" ")), Stream.of(more)).toArray(String[]::new));
    assertEquals("", said.err());
    assertTrue(said.out().matches(pattern), said.out());
    assertEquals(0, said.exitCode());
  }

  private static List<ConsumerRecord<String, String>> read(String topic) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    TopicPartition only = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long end = consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
      while (consumer.position(only) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
