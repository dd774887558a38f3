package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Timeout(60)
class OutputTest {
  private static final String LONG = "x".repeat(250);

  @Command(name = "any")
  private static final class Any implements Callable<Integer> {
    @Mixin private Output output;
    @Mixin private Watch watch;

    @Parameters(arity = "0..1", defaultValue = "first")
    private String name = "";

    @Override
    public Integer call() {
      return watch.show(
          output,
          () -> {
            output.print(
                "things",
                new Output.Columns(List.of("NAME", "STATE"), List.of("MORE")),
                List.of(row(name, "paused", LONG), row("second", "on", "-")));
            output.remark("there are two");
          });
    }
  }

  @Test
  void a_table_is_what_people_read() {
    assertEquals(
        """
        NAME    STATE
        first   paused
        second  on
        """,
        out());
    assertEquals("first   paused\nsecond  on\n", out("--no-headers"));
  }

  @Test
  void a_wide_table_has_more_columns_and_nothing_cut_off() {
    assertEquals(
        """
        NAME    STATE   MORE
        first   paused  %s
        second  on      -
        """
            .formatted(LONG),
        out("-o", "wide"));
  }

  @Test
  void programs_read_json_and_yaml_with_the_version_of_their_fields() {
    assertEquals(
        """
        {
          "schemaVersion" : 1,
          "things" : [ {
            "name" : "first",
            "state" : "paused"
          }, {
            "name" : "second",
            "state" : "on"
          } ]
        }
        """,
        out("-o", "json"));
    assertEquals(
        """
        {"schemaVersion":1,"name":"first","state":"paused"}
        {"schemaVersion":1,"name":"second","state":"on"}
        """,
        out("-o", "jsonl"));
    assertEquals(
        """
        schemaVersion: 1
        things:
        - name: first
          state: paused
        - name: second
          state: "on"
        """,
        out("-o", "yaml"));
    assertEquals("first\nsecond\n", out("-o", "name"));
  }

  @Test
  void remarks_go_to_stderr_unless_it_is_to_be_quiet() {
    assertEquals("nightshift: there are two\n", err());
    assertEquals("", err("--quiet"));
    assertEquals("", err("-q"));
  }

  @Test
  void a_watch_that_is_no_terminal_appends_until_nobody_reads() {
    assertEquals("first\nsecond\nfirst\nsecond\n", watched(2, "--watch=100ms", "-q", "-o", "name"));
    String document =
        """
        schemaVersion: 1
        things:
        - name: first
          state: paused
        - name: second
          state: "on"
        """;
    assertEquals(document + "---\n" + document, watched(2, "--watch=100ms", "-q", "-o", "yaml"));
  }

  @Test
  void what_follows_a_watch_without_a_sign_is_no_duration() {
    assertEquals("it\nsecond\n", watched(1, "-q", "-o", "name", "-w", "it"));
  }

  private static String watched(int frames, String... arguments) {
    Frames reader = new Frames(frames);
    PrintStream before = System.out;
    System.setOut(new PrintStream(reader, true, UTF_8));
    try {
      assertEquals(0, new CommandLine(new Any()).execute(arguments));
    } finally {
      System.setOut(before);
    }
    return reader.text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --watch=soon | duration 'soon' is not allowed: a whole number with ms, s, m, h or d, such as 30s, or ISO 8601, such as PT30S; at most 36500d
          --watch=1ms  | 1ms is not allowed: 100ms or longer
          --output=xml | 'xml' is no format: table, wide, json, jsonl, yaml or name
          """)
  void what_is_not_allowed_is_said(String option, String says) {
    CommandLine line = new CommandLine(new Any());
    String message = "";
    try {
      line.parseArgs(option);
    } catch (CommandLine.ParameterException e) {
      message = String.valueOf(e.getMessage());
    }
    assertEquals(says, message.replaceFirst("^Invalid value for option '--[a-z]+'[^:]*: ", ""));
  }

  @Test
  void states_and_headers_have_colors_and_keep_their_places() {
    Table table =
        new Table(
            List.of("STATE", "NAME"),
            List.of(
                List.of("ok", "wrong"),
                List.of("wrong", "ok"),
                List.of("other", "x"),
                List.of("limited 5, 10/s", "y"),
                List.of("paused, blocked, limited 5", "z")));
    assertEquals(
        """
        \033[1mSTATE\033[0m                       \033[1mNAME\033[0m
        \033[32mok\033[0m                          wrong
        \033[31mwrong\033[0m                       ok
        other                       x
        \033[33mlimited 5, 10/s\033[0m             y
        \033[31mpaused, blocked, limited 5\033[0m  z\
        """,
        table.text(true, true));
  }

  private static Output.Row row(String name, String state, String more) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("state", state);
    return new Output.Row(name, List.of(name, state, more), fields);
  }

  private static String out(String... arguments) {
    return said(arguments)[0];
  }

  private static String err(String... arguments) {
    return said(arguments)[1];
  }

  private static String[] said(String... arguments) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    System.setErr(new PrintStream(err, true, UTF_8));
    try {
      assertEquals(0, new CommandLine(new Any()).execute(arguments));
      return new String[] {out.toString(UTF_8), err.toString(UTF_8)};
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  /// A reader that has seen enough after some documents.
  private static final class Frames extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private int left;

    private Frames(int left) {
      this.left = left;
    }

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (left == 0) {
        throw new IOException("Broken pipe");
      }
      left--;
      read.write(bytes, from, length);
    }

    String text() {
      return read.toString(UTF_8);
    }
  }
}
