package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronFileTest {
  @Test
  void a_file_says_what_each_cron_shall_be() {
    CronFile file =
        CronFile.parse(
            """
            # what runs at night
            canvases:
              shop:
                report:
                  queue: mail
                  schedule: 0 3 * * MON-FRI
                  zone: Europe/Berlin
                  payload:
                    kind: full
                    numbers: [1, 2.5, "3"]
                  missed: all
                  overlap: skip
                beat: {queue: ping, every: 90s}
              bank: {}
              empty: {}
            """);
    assertEquals(List.of(), file.problems());
    assertEquals(Set.of("bank", "empty", "shop"), file.canvases());
    assertEquals(
        Map.of(
            new CronName("shop", "report"),
            new CronSettings(
                "mail",
                CronSchedule.parse("0 3 * * MON-FRI", "Europe/Berlin"),
                CronPayload.ofJson("{\"kind\":\"full\",\"numbers\":[1,2.5,\"3\"]}"),
                Missed.ALL,
                Overlap.SKIP),
            new CronName("shop", "beat"),
            new CronSettings(
                "ping",
                CronSchedule.parse("every 90s", "UTC"),
                CronPayload.NONE,
                Missed.ONCE,
                Overlap.ALLOW)),
        file.crons());
  }

  @Test
  void a_file_may_be_json() {
    CronFile file =
        CronFile.parse(
            """
            {"canvases": {"shop": {"beat": {"queue": "ping", "schedule": "@hourly", "payload": null}}}}
            """);
    assertEquals(List.of(), file.problems());
    assertEquals(
        List.of(CronPayload.ofJson("null")),
        file.crons().values().stream().map(CronSettings::payload).toList());
  }

  @Test
  void all_that_is_wrong_is_said_at_once() {
    CronFile file =
        CronFile.parse(
            """
            canvases:
              Shop: {}
              list: [a]
              forgotten:
              shop:
                Report: {queue: q, every: 1m}
                text: none
                nothing: {}
                both: {queue: q, every: 1m, schedule: "@daily"}
                keys: {queue: q, evry: 1m, every: 1m}
                values:
                  queue: q!
                  schedule: 61 3 * * *
                  missed: some
                  overlap: [skip]
                zone: {queue: q, schedule: "@daily", zone: Europe/Berln}
                number: {queue: q, every: 90}
                local: {queue: q, schedule: 61 3 * * *, zone: Europe/Berln}
                elapsed: {queue: q, every: 1x, zone: Europe/Rome}
                all: {every: 1x, schedule: "@daily", zone: Mars/X}
            """);
    String field =
        ". A field is * or a number, a range such as 1-5, * or a range with a step such as */15, or"
            + " several with commas";
    String distance =
        " is not allowed: a whole number with s, m, h or d, such as 90s or 3h, from 1s to 366d; or"
            + " minute, hour, 12 hours, day, week, fortnight";
    assertEquals(
        List.of(
            "canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
            "canvas list has no map of crons; for none write {}",
            "canvas forgotten has no map of crons; for none write {}",
            "cron name 'Report' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'"
                + " (in canvas shop)",
            "shop/text: it has no map of settings",
            "shop/nothing: queue is missing",
            "shop/nothing: either schedule (local times) or every (elapsed time) must be there",
            "shop/both: schedule (local times) and every (elapsed time) exclude each other",
            "shop/keys: there is no key 'evry'; did you mean every?",
            "shop/values: queue name 'q!' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'",
            "shop/values: schedule '61 3 * * *' is not allowed: minute '61' is not 0 to 59" + field,
            "shop/values: missed 'some' is not allowed: skip, once, all",
            "shop/values: overlap is no text",
            "shop/zone: zone 'Europe/Berln' is not known: a name such as Europe/Berlin, or UTC (the"
                + " default); did you mean Europe/Berlin?",
            "shop/number: every '90'" + distance,
            "shop/local: schedule '61 3 * * *' is not allowed: minute '61' is not 0 to 59" + field,
            "shop/local: zone 'Europe/Berln' is not known: a name such as Europe/Berlin, or UTC (the"
                + " default); did you mean Europe/Berlin?",
            "shop/elapsed: every '1x'" + distance,
            "shop/elapsed: zone 'Europe/Rome' is not allowed with 'every 1x', which is elapsed time"
                + " and the same in all zones: leave it out, or say times such as '0 3 * * *'",
            "shop/all: queue is missing",
            "shop/all: schedule (local times) and every (elapsed time) exclude each other",
            "shop/all: every '1x'" + distance,
            "shop/all: zone 'Mars/X' is not known: a name such as Europe/Berlin, or UTC (the"
                + " default)"),
        file.problems());
    assertEquals(Map.of(), file.crons());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          canvases: {shop: {a: {queue: q, schedule: * * * * *}}} | line 1: it is no YAML; a value that begins with * or @ wants quotes, such as '*/5 * * * *'
          canvases: {shop: {a: {payload: "secret         | line 1: it is no YAML; a value that begins with * or @ wants quotes, such as '*/5 * * * *'
          canvases: {shop: {}, shop: {}}                 | line 1: it names 'shop' twice
          crons: {}                                      | it has no map 'canvases' alone at its top: canvases: {CANVAS: {NAME: {queue: QUEUE, schedule: TIMES}}}
          canvases: []                                   | it has no map 'canvases' alone at its top: canvases: {CANVAS: {NAME: {queue: QUEUE, schedule: TIMES}}}
          """)
  void what_is_no_file_of_crons_is_refused(String text, String says) {
    List<String> problems = CronFile.parse(text).problems();
    assertEquals(List.of(says), problems);
    assertFalse(problems.toString().contains("secret"));
  }

  @Test
  void what_is_named_twice_is_said_with_its_line() {
    assertEquals(
        List.of("line 6: it names 'report' twice"),
        CronFile.parse(
                """
                canvases:
                  shop:
                    report:
                      queue: mail
                      every: 1m
                    report:
                      queue: post
                      every: 2m
                """)
            .problems());
  }

  @Test
  void a_tab_is_said_with_its_line() {
    assertEquals(
        List.of(
            "line 4: it is no YAML: it is indented with a tab, and only spaces are allowed there"),
        CronFile.parse("canvases:\n  shop:\n    report:\n\t\tqueue: mail\n    \tevery: 1m\n")
            .problems());
  }

  @Test
  void what_is_no_yaml_is_said_with_its_line() {
    assertEquals(
        List.of(
            "line 5: it is no YAML; a value that begins with * or @ wants quotes, such as"
                + " '*/5 * * * *'"),
        CronFile.parse(
                """
                canvases:
                  shop:
                    report:
                      queue: mail
                      schedule: */5 * * * *
                """)
            .problems());
  }

  @Test
  void nothing_and_several_documents_are_refused() {
    assertEquals(1, CronFile.parse("").problems().size());
    assertEquals(1, CronFile.parse("canvases: {}\n---\ncanvases: {}\n").problems().size());
  }

  // The library would take the alias's name for the value.
  @Test
  void an_alias_is_refused_with_its_line() {
    assertEquals(
        List.of(
            "line 6: it has an alias, a value that begins with *, which stands for a value that is"
                + " elsewhere: write that value, or put it into quotes, such as '*/5 * * * *'"),
        CronFile.parse(
                """
                canvases:
                  shop:
                    report:
                      queue: &mail mail
                      every: 1m
                      payload: *mail
                """)
            .problems());
  }

  @Test
  void a_word_is_no_truth_value_and_a_number_is_no_word() {
    CronFile file =
        CronFile.parse(
            "canvases: {shop: {a: {queue: off, every: 1m, payload: {country: NO, it: true}}}}");
    assertEquals(List.of(), file.problems());
    CronSettings settings = file.crons().values().iterator().next();
    assertEquals("off", settings.queue());
    assertEquals("{\"country\":\"NO\",\"it\":true}", new String(settings.payload().bytes(), UTF_8));
    assertEquals(
        List.of("shop/a: queue is read as 83 and is no text: put it into quotes"),
        CronFile.parse("canvases: {shop: {a: {queue: 0123, every: 1m}}}").problems());
  }
}
