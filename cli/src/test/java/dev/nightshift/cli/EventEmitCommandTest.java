package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.QueueName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Many events by one command, on a real broker.
@Timeout(120)
@ExtendWith(EventFleets.class)
class EventEmitCommandTest {
  private static final String FIRST_FAILED =
      "nightshift: line 1 was not emitted. Nothing else was emitted. Go on with --from-line 1\n";

  private EventFleet fleet;

  @TempDir private Path folder;

  @BeforeEach
  void begin(EventFleet given) {
    fleet = given;
  }

  @Test
  void each_line_of_a_file_is_an_event() throws IOException {
    Path file = file("\uFEFF{\"a\":1}\r\n\n \t\n\"zwei ä\"\n3");
    Said said = emit("--file=" + file, "-o", "jsonl", "--header=tenant=t1", "--source=import");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.err().matches("3 emitted in \\d+\\.\\d s\n"), said.err());
    assertEquals(
        List.of("1 0", "4 1", "5 2"),
        said.out().lines().map(line -> line.replaceAll(LINE, "$1 $3")).toList());
    String id = said.out().lines().skip(1).findFirst().orElseThrow().replaceAll(LINE, "$2");
    String got = fleet.run("event", "get", id).out();
    assertTrue(got.contains("\npayload   9 bytes\n"), got);
    assertTrue(got.contains("\nheader    tenant: t1"), got);
    assertTrue(got.contains("\nheader    ce_source: import\n"), got);
  }

  private static final String LINE =
      "\\{\"schemaVersion\":1,\"line\":(\\d+),\"id\":\"([^\"]+)\",\"canvas\":\"shop\","
          + "\"queue\":\"mail\",\"topic\":\"[^\"]+\",\"partition\":0,\"offset\":(\\d+)\\}";

  @Test
  void without_a_payload_standard_input_is_read() {
    Said said = fleet.run(input("1\n2\n"), "event", "emit", "shop/mail", "-o", "name");
    assertEquals(2, said.out().lines().count());
    assertTrue(said.err().matches("2 emitted in \\d+\\.\\d s\n"), said.err());
    assertEquals(0, said.exitCode());
    Said table = fleet.run(input("1\n2\n"), "event", "emit", "shop/mail", "-");
    assertEquals("", table.out());
    assertTrue(table.err().matches("2 emitted in \\d+\\.\\d s\n"), table.err());
  }

  @Test
  void a_file_with_a_line_that_is_wrong_is_not_emitted_at_all() throws IOException {
    Path file = file("1\n{\"ä\":x}\n{} {}\n\"" + "y".repeat(1_100_000) + "\"\n2\n");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: file '"
                + file
                + "' has 3 lines of 5 that cannot be emitted:\n"
                + "- line 2 is no JSON value (column 6)\n"
                + "- line 3 is no JSON value (something follows the first value, column 4)\n"
                + "- line 4 has 1,100,002 bytes, at most 1,047,259 are allowed; store large data"
                + " elsewhere and emit where it is\n"
                + "Each line must be one JSON value in UTF-8. Nothing was emitted\n"),
        emit("--file=" + file));
    assertEquals("1\n", emit("--file=" + file, "--from-line=5", "--dry-run", "-o", "name").out());
    assertEquals(0, waiting());
  }

  @Test
  void a_stream_stops_at_the_line_that_is_wrong_and_says_how_to_go_on() {
    InputStream input = input("1\n2\n\n{oops\n4\n");
    assertEquals(
        new Said(
            1,
            "",
            "nightshift: standard input: line 4 is no JSON value (column 2). 2 events were emitted,"
                + " all before line 4. Go on with --from-line 4, or leave it out with --from-line"
                + " 5\n"),
        fleet.run(input, "event", "emit", "shop/mail", "-"));
    assertEquals(2, waiting());
    Said rest =
        fleet.run(input("1\n2\n\n{oops\n4\n"), "event", "emit", "shop/mail", "-", "--from-line=5");
    assertTrue(rest.err().matches("1 emitted in \\d+\\.\\d s\n"), rest.err());
    assertEquals(3, waiting());
  }

  @Test
  void a_line_of_a_stream_may_be_too_long() {
    InputStream input = input("1\n\"" + "y".repeat(1_047_258) + "\"\n");
    assertEquals(
        new Said(
            1,
            "",
            "nightshift: standard input: line 2 has 1,047,260 bytes, at most 1,047,259 are allowed;"
                + " store large data elsewhere and emit where it is. 1 event was emitted, all before"
                + " line 2. Go on with --from-line 2, or leave it out with --from-line 3\n"),
        fleet.run(input, "event", "emit", "shop/mail", "-"));
    InputStream fits = input("\"" + "y".repeat(1_047_257) + "\"\n");
    assertEquals(0, fleet.run(fits, "event", "emit", "shop/mail", "-").exitCode());
  }

  @Test
  void nothing_to_emit_is_no_failure() throws IOException {
    Path file = file("");
    assertEquals(
        new Said(0, "", "nightshift: file '" + file + "' has no lines. Nothing was emitted\n"),
        emit("--file=" + file));
    Path all = file("1\n2\n");
    assertEquals(
        new Said(
            0,
            "",
            "nightshift: file '" + all + "' has no lines from line 3 on. Nothing was emitted\n"),
        emit("--file=" + all, "--from-line=3"));
    assertEquals(
        new Said(0, "", "nightshift: standard input has no lines. Nothing was emitted\n"),
        fleet.run(input(""), "event", "emit", "shop/mail"));
    assertEquals(new Said(0, "", ""), fleet.run(input(""), "event", "emit", "shop/mail", "-q"));
  }

  @Test
  void a_first_line_that_the_input_does_not_have_is_called_wrongly() throws IOException {
    Path file = file("1\n2\n");
    String says = " has 2 lines, but --from-line is 40. Nothing was emitted\n";
    assertEquals(
        new Said(2, "", "nightshift: file '" + file + "'" + says),
        emit("--file=" + file, "--from-line=40"));
    assertEquals(
        new Said(2, "", "nightshift: standard input" + says),
        fleet.run(input("1\n2\n"), "event", "emit", "shop/mail", "--from-line=40"));
  }

  @Test
  void a_queue_that_no_live_worker_has_a_handler_for_is_remarked_on() throws IOException {
    assertEquals("", emit("{}").err());
    fleet.beat("w1", new QueueName("shop", "bill"));
    String notice =
        "nightshift: no live worker has a handler for shop/bil (did you mean shop/bill?). An event"
            + " that a worker takes ends as no_handler: it is not run, and not tried again\n";
    assertEquals(notice, fleet.run("queue", "pause", "shop/bil", "--reason=r").err());
    assertEquals(notice, fleet.run("queue", "block", "shop/bil", "--reason=r").err());
    assertEquals(notice, fleet.run("queue", "limit", "shop/bil", "--concurrency=1").err());
    assertEquals(notice, fleet.run("queue", "breaker", "shop/bil").err());
    assertEquals("", fleet.run("queue", "pause", "shop/bil", "--reason=r", "-q").err());
    assertEquals("", fleet.run("queue", "pause", "shop/*", "--reason=r").err());
    assertEquals("", fleet.run("queue", "pause", "shop/bill", "--reason=r").err());
    assertEquals(
        new Said(0, "1 event would be emitted into shop/bil\n", notice),
        fleet.run("event", "emit", "shop/bil", "{}", "--dry-run"));
    assertEquals("", fleet.run("event", "emit", "shop/bill", "{}", "--dry-run").err());
    assertEquals("", fleet.run("event", "emit", "shop/bil", "{}", "--dry-run", "-q").err());
    fleet.run("cron", "set", "shop/beat", "--queue=bil", "--every=1h");
    assertEquals(notice, fleet.run("cron", "trigger", "shop/beat", "--dry-run").err());
    Path crons =
        file("canvases: {shop: {a: {queue: bil, every: day}, b: {queue: bill, every: day}}}");
    Said applied = fleet.run("cron", "apply", "-f", crons.toString(), "--dry-run");
    assertEquals(new Said(0, applied.out(), notice), applied);
    Path two = file("canvases: {shop: {a: {queue: bil, every: day}, b: {queue: pay, every: day}}}");
    assertEquals(
        """
        nightshift: no live worker has a handler for shop/bil (did you mean shop/bill?)
        nightshift: no live worker has a handler for shop/pay
        nightshift: an event of these queues that a worker takes ends as no_handler: it is not run,\
         and not tried again
        """,
        fleet.run("cron", "apply", "-f", two.toString(), "--dry-run").err());
    assertEquals(notice, fleet.run("cron", "describe", "shop/beat").err());
    // An emission does not wait for it for long.
    Said one = fleet.run("event", "emit", "shop/bil", "{}");
    assertTrue(one.err().isEmpty() || one.err().equals(notice), one.err());
    Said lines = fleet.run("event", "emit", "shop/bil", "--file=" + file("1\n"));
    assertTrue(
        lines.err().matches("1 emitted in \\S+ s\n(" + Pattern.quote(notice) + ")?"), lines.err());
    assertTrue(
        one.err().equals(notice) || lines.err().endsWith(notice) || remarked("shop/bil", notice),
        "never remarked on");
  }

  private boolean remarked(String queue, String notice) {
    return IntStream.range(0, 20)
        .anyMatch(i -> {
          fleet.beat("w1", new QueueName("shop", "bill")); // or it lives no more
          return fleet.run("event", "emit", queue, "{}").err().equals(notice);
        });
  }

  @Test
  void what_would_be_emitted_is_counted_without_emitting_it() throws IOException {
    Path file = file("1\n2\n");
    assertEquals(
        new Said(0, "2 events would be emitted into shop/mail\n", ""),
        emit("--file=" + file, "--dry-run"));
    assertEquals(
        new Said(0, "1 event would be emitted into shop/mail\n", ""), emit("{}", "--dry-run"));
    assertEquals(
        new Said(0, "1 event would be emitted into new/q, and the canvas created\n", ""),
        fleet.run("event", "emit", "new/q", "{}", "--dry-run", "--create"));
    String unknown =
        "nightshift: there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas"
            + " list. To create this one add --create. Nothing was emitted\n";
    assertEquals(new Said(3, "", unknown), fleet.run("event", "emit", "shpo/q", "{}", "--dry-run"));
    assertEquals(
        new Said(3, "", FIRST_FAILED + unknown),
        fleet.run("event", "emit", "shpo/q", "--file=" + file));
    assertEquals(0, waiting());
  }

  @Test
  void nothing_is_emitted_into_a_canvas_that_was_deleted() throws IOException {
    fleet.run("canvas", "delete", "shop", "-y");
    String refused =
        "nightshift: canvas 'shop' was deleted; create it again with: nightshift canvas create"
            + " shop\n";
    assertEquals(new Said(3, "", FIRST_FAILED + refused), emit("--file=" + file("1\n2\n")));
    assertEquals(new Said(3, "", refused), emit("1", "--dry-run"));
    assertEquals(new Said(3, "", refused), emit("1"));
    assertEquals(new Said(3, "", refused), fleet.run("queue", "pause", "shop/mail"));
    assertEquals(
        new Said(3, "", refused), fleet.run("cron", "set", "shop/a", "--queue=q", "--every=1m"));
  }

  @Test
  void a_line_that_kafka_refuses_is_named_with_what_was_emitted() throws IOException {
    String topic = fleet.canvas("shop").topic();
    fleet.set(topic, "max.message.bytes", "1500");
    String large =
        new Random(1)
            .ints(4_000, 'a', 'z' + 1)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    Path file = file("1\n\"" + large + "\"\n3\n");
    Said said = emit("--file=" + file);
    assertEquals(1, said.exitCode(), said.err());
    // Kafka's own warnings are not shown by the program.
    assertEquals(
        List.of(
            "nightshift: line 2 was not emitted. 2 events were emitted, all before line 2, and 1 of"
                + " those after it, which would be emitted again. Go on with --from-line 2",
            "nightshift: Kafka refuses event ID for topic "
                + topic
                + " (RecordTooLargeException: The request included a message larger than the max"
                + " message size the server will accept.). Store large data elsewhere and emit where"
                + " it is, or raise the topic's max.message.bytes and this client's max.request.size."
                + " Nothing was stored"),
        said.err()
            .lines()
            .filter(line -> line.startsWith("nightshift: "))
            .map(line -> line.replaceFirst("event \\S{36} ", "event ID "))
            .toList());
    assertEquals(2, waiting());
  }

  @Test
  void an_output_that_is_closed_stops_no_emission() throws IOException {
    Path file = file(numbers(1_000));
    String[] command = fleet.command("event", "emit", "shop/mail", "--file=" + file, "-o", "name");
    assertEquals(0, ClosedAfter.lines(3, () -> Main.run(command)));
    assertEquals(1_000, waiting());
  }

  @Test
  void files_that_are_none_are_told_apart() throws IOException {
    Path missing = folder.resolve("missing");
    assertEquals(
        new Said(2, "", "nightshift: file '" + missing + "' does not exist. Nothing was emitted\n"),
        emit("--file=" + missing));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: file '"
                + folder
                + "' is a folder: name one of its files. Nothing was emitted\n"),
        emit("--file=" + folder));
  }

  @Test
  @DisabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "may read all")
  void a_file_may_be_somebody_elses() throws IOException {
    Path file = file("1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: file '"
                + file
                + "' may not be read by this user (permission denied). Nothing was emitted\n"),
        emit("--file=" + file));
  }

  @Test
  void what_does_not_go_together_is_refused() throws IOException {
    Path file = file("1\n");
    assertWrong("there is a payload and --file: say one of them", "{}", "--file=" + file);
    assertWrong(
        "--id names one event, but file '" + file + "' may have many lines",
        "--file=" + file,
        "--id=x");
    assertWrong(
        "--from-line is for --file and standard input, but the payload is an argument",
        "{}",
        "--from-line=2");
    assertWrong(
        "header 'ns-x' is not allowed: names that start with ce_ or ns- are reserved",
        "{}",
        "--header=ns-x=1");
    assertWrong(
        "the emitter's settings are wrong: source ' ' is not allowed: 1 to 200 characters, none of"
            + " them a control character, and not only spaces",
        "{}",
        "--source= ");
  }

  private void assertWrong(String problem, String... arguments) {
    assertEquals(
        new Said(2, "", "nightshift: " + problem + ". Nothing was emitted\n"), emit(arguments));
  }

  private Said emit(String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "event";
    command[1] = "emit";
    command[2] = "shop/mail";
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return fleet.run(command);
  }

  private long waiting() {
    String json = fleet.run("queue", "describe", "shop/mail", "-o", "jsonl").out();
    return Long.parseLong(json.replaceAll("(?s).*?\"waiting\":(\\d+).*", "$1"));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("events.ndjson"), text);
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
  }
}
