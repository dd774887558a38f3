package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Names;
import dev.nightshift.local.LocalKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command that applies a file of crons, on a real broker. Each test has its own canvases.
@Timeout(180)
class CronApplyCommandTest {
  private static LocalKafka kafka;

  @TempDir private Path folder;

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
  void a_file_is_applied_after_its_difference_was_shown() throws Exception {
    canvas("file");
    canvas("other");
    run("cron", "set", "other/stays", "--queue=q", "--every=day");
    run("cron", "set", "file/goes", "--queue=q", "--every=day");
    run("cron", "set", "file/same", "--queue=q", "--every=day", "--payload={ \"a\": [1] }");
    run("cron", "set", "file/changes", "--queue=q", "--schedule=@daily");
    run("cron", "pause", "file/changes");
    Path file =
        file(
            """
            canvases:
              file:
                same: {queue: q, every: day, payload: {a: [1]}}
                changes:
                  queue: post
                  schedule: 0 3 * * MON-FRI
                  zone: Europe/Berlin
                  overlap: skip
                  payload: text
                comes:
                  queue: q
                  schedule: "*/5 * * * *"
                  missed: all
            """);
    String difference =
        """
        ~ file/changes: queue q -> post, schedule @daily (UTC) -> 0 3 * * MON-FRI (Europe/Berlin),\
         overlap allow -> skip, payload 2 bytes of application/json -> 6 bytes of application/json
        + file/comes: */5 * * * * (UTC) into q, missed all, overlap allow, payload 2 bytes of\
         application/json
        - file/goes: every day into q, missed once, overlap allow, payload 2 bytes of\
         application/json
        """;
    assertEquals(new Said(0, difference, ""), apply(file, "--dry-run"));
    assertEquals(
        new Said(
            4,
            difference,
            "nightshift: applying "
                + Names.quoted(file.toString())
                + " wants to be confirmed, and there is no terminal to ask on: say --yes to do it."
                + " Nothing was changed\n"),
        apply(file));
    assertEquals(
        List.of("file/changes", "file/goes", "file/same", "other/stays"), names("file", "other"));
    assertEquals(
        new Said(0, difference, "nightshift: crons: 1 added, 1 changed, 1 deleted\n"),
        apply(file, "--yes"));
    assertEquals(
        List.of("file/changes", "file/comes", "file/same", "other/stays"), names("file", "other"));
    assertTrue(run("cron", "list", "file").out().contains("paused"));
    assertEquals(new Said(0, "nothing to change: 3 crons are as the file says\n", ""), apply(file));
    assertEquals(
        new Said(
            0,
            "{\"schemaVersion\":1,\"dryRun\":false,\"changed\":false,\"crons\":[],\"unchanged\":3}\n",
            ""),
        apply(file, "-o", "jsonl"));
    assertEquals(
        new Said(
            0,
            """
            {"schemaVersion":1,"dryRun":false,"changed":true,"crons":[{"name":"other/stays",\
            "change":"delete","before":{"queue":"q","schedule":"every day","payload":{},\
            "missed":"once","overlap":"allow"}}],"unchanged":0}
            """,
            ""),
        apply(file("canvases: {other: {}}"), "-yq", "-o", "jsonl"));
    assertEquals(List.of("file/changes", "file/comes", "file/same"), names("file", "other"));
  }

  @Test
  void nothing_is_set_if_one_entry_is_wrong() throws Exception {
    canvas("half");
    Path file =
        file(
            """
            canvases:
              half:
                good: {queue: q, every: day}
                bad: {queue: q, every: dya}
            """);
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: file "
                + Names.quoted(file.toString())
                + " is wrong. Nothing was changed:\n- half/bad: every 'dya' is not allowed: a whole"
                + " number with s, m, h or d, such as 90s or 3h, from 1s to 366d; or minute, hour,"
                + " 12 hours, day, week, fortnight\n"),
        apply(file, "--yes"));
    Path unknown = file("canvases: {half: {good: {queue: q, every: day}}, haf: {}}");
    assertEquals(
        new Said(
            3,
            "",
            "nightshift: file "
                + Names.quoted(unknown.toString())
                + " is wrong. Nothing was changed:\n- there is no canvas 'haf'; did you mean half?"
                + " See them with: nightshift canvas list\n"),
        apply(unknown, "--yes"));
    assertEquals(List.of(), names("half"));
    Path missing = folder.resolve("none.yaml");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: file "
                + Names.quoted(missing.toString())
                + " does not exist. Nothing was changed\n"),
        apply(missing, "--yes"));
  }

  private Path file(String text) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "crons", ".yaml"), text);
  }

  private static Said apply(Path file, String... options) {
    return run(
        Stream.concat(Stream.of("cron", "apply", "-f", file.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private static List<String> names(String... canvases) {
    return Stream.of(canvases)
        .flatMap(canvas -> run("cron", "list", canvas, "-o", "name").out().lines())
        .collect(Collectors.toList());
  }

  private static void canvas(String name) {
    assertEquals(0, run("canvas", "create", name, "--partitions=1").exitCode());
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
