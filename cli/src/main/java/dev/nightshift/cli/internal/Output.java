package dev.nightshift.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nightshift.common.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that say how a command prints what it found, and the printing: data on stdout, what
/// else there is to say on stderr. JSON and YAML are for programs: their fields stay, and their
/// `schemaVersion` grows when one must go. Owned by the command's thread.
final class Output {
  private static final int SCHEMA_VERSION = 1;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = Formats.class,
      description =
          "How it is printed: table, wide, json, jsonl, yaml or name (default: table). wide is a"
              + " table with more columns and nothing cut off.")
  private Format format = Format.TABLE;

  @Option(names = "--no-headers", description = "A table without its first line.")
  private boolean noHeaders;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only the data and failures, no remarks.")
  private boolean quiet;

  /// What is kept to be shown at once; null while all is printed as it comes.
  private @Nullable StringBuilder frame;

  private boolean remarksInFrame;

  /// What may be asked for.
  enum Format {
    TABLE,
    WIDE,
    JSON,
    JSONL,
    YAML,
    NAME
  }

  /// The first line of a table.
  ///
  /// @param usual in each table
  /// @param more only in a wide one, after the usual ones
  record Columns(List<String> usual, List<String> more) {}

  /// One thing that is printed.
  ///
  /// @param name what a script would name it by
  /// @param cells one for each column, also for those that only a wide table has
  /// @param fields for JSON: texts, numbers, booleans, and lists and maps of them
  record Row(String name, List<String> cells, Map<String, Object> fields) {}

  /// Prints things of one kind; a wide table has no more columns than a usual one.
  ///
  /// @param kind their name in JSON
  void print(String kind, List<String> columns, List<Row> rows) {
    print(kind, new Columns(columns, List.of()), rows);
  }

  /// Prints things of one kind.
  ///
  /// @param kind their name in JSON
  void print(String kind, Columns columns, List<Row> rows) {
    switch (format) {
      case TABLE, WIDE -> table(columns, rows);
      case JSON, YAML -> document(Map.of(kind, rows.stream().map(Row::fields).toList()));
      case JSONL -> rows.forEach(row -> document(row.fields()));
      case NAME -> rows.forEach(row -> line(row.name()));
    }
  }

  /// Prints one thing.
  ///
  /// @param text what people read
  void print(String text, String name, Map<String, Object> fields) {
    switch (format) {
      case TABLE, WIDE -> line(text);
      case JSON, JSONL, YAML -> document(fields);
      case NAME -> line(name);
    }
  }

  /// Prints things of one kind that people read as a text.
  ///
  /// @param kind their name in JSON
  void print(String kind, String text, List<Row> rows) {
    if (isForPeople()) {
      line(text);
    } else {
      print(kind, List.of(), rows);
    }
  }

  /// Says something besides the data, unless that is not wanted.
  void remark(String text) {
    StringBuilder into = frame;
    if (quiet) {
      return;
    }
    if (into != null && remarksInFrame) {
      into.append(text).append('\n');
    } else {
      System.err.println("nightshift: " + text);
    }
  }

  /// Whether it is printed for people to read.
  boolean isForPeople() {
    return format == Format.TABLE || format == Format.WIDE;
  }

  /// Whether only data and failures are wanted.
  boolean quiet() {
    return quiet;
  }

  /// Whether what is printed is kept to be shown at once.
  boolean isFramed() {
    return frame != null;
  }

  /// Runs a command and returns what it prints instead of printing it.
  ///
  /// @param withRemarks whether these are part of it; otherwise they go to stderr
  String frame(boolean withRemarks, Runnable command) {
    StringBuilder into = new StringBuilder();
    frame = into;
    remarksInFrame = withRemarks;
    try {
      command.run();
      return into.toString();
    } finally {
      frame = null;
    }
  }

  /// What stands between two documents of a stream of them.
  String separator() {
    return format == Format.YAML ? "---\n" : "";
  }

  private void table(Columns columns, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> shown = new ArrayList<>(columns.usual());
    if (format == Format.WIDE) {
      shown.addAll(columns.more());
    }
    boolean cut = format != Format.WIDE;
    List<List<String>> cells =
        rows.stream()
            .map(row -> row.cells().stream().limit(shown.size()).map(text -> cell(text, cut)))
            .map(row -> row.toList())
            .toList();
    line(new Table(shown, cells).text(!noHeaders, Screen.hasColors()));
  }

  /// A text as it is shown in a table that should fit a terminal.
  static String cell(String text) {
    return cell(text, true);
  }

  // What somebody typed elsewhere may hold what moves a terminal's cursor.
  static String cell(String text, boolean cut) {
    String shown =
        cut && text.length() > Table.CELL_CHARS_MAX
            ? text.substring(0, Table.CELL_CHARS_MAX) + "…"
            : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  private void document(Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("schemaVersion", SCHEMA_VERSION);
    all.putAll(fields);
    try {
      line(
          switch (format) {
            case JSON -> Writers.PRETTY.writeValueAsString(all);
            case YAML -> Writers.YAML.writeValueAsString(all).stripTrailing();
            default -> Writers.LINE.writeValueAsString(all);
          });
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON: " + fields.keySet(), e);
    }
  }

  private void line(String text) {
    StringBuilder into = frame;
    if (into == null) {
      System.out.println(text);
    } else {
      into.append(text).append('\n');
    }
  }

  /// Made when the first document is printed: most calls print none.
  private static final class Writers {
    static final ObjectWriter LINE = new ObjectMapper().writer();
    static final ObjectWriter PRETTY = LINE.withDefaultPrettyPrinter();
    static final ObjectWriter YAML =
        YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build()
            .writer();
  }

  /// Reads a format.
  static final class Formats implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      for (Format each : Format.values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
          return each;
        }
      }
      throw new TypeConversionException(
          Names.quoted(text) + " is no format: table, wide, json, jsonl, yaml or name");
    }
  }
}
