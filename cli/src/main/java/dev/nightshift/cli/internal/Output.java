package dev.nightshift.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.nightshift.common.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that say how a command prints what it found, and the printing. JSON is for programs:
/// its fields stay, and its `schemaVersion` grows when one must go.
final class Output {
  private static final int SCHEMA_VERSION = 1;
  private static final int CELL_CHARS_MAX = 200;
  private static final ObjectWriter LINE = new ObjectMapper().writer();
  private static final ObjectWriter PRETTY = LINE.withDefaultPrettyPrinter();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = Formats.class,
      description = "How it is printed: table, json, jsonl or name (default: table).")
  private Format format = Format.TABLE;

  @Option(names = "--no-headers", description = "A table without its first line.")
  private boolean noHeaders;

  /// What may be asked for.
  enum Format {
    TABLE,
    JSON,
    JSONL,
    NAME
  }

  /// One thing that is printed.
  ///
  /// @param name what a script would name it by
  /// @param cells one for each column
  /// @param fields for JSON: texts, numbers, booleans, and lists and maps of them
  record Row(String name, List<String> cells, Map<String, Object> fields) {}

  /// Prints things of one kind.
  ///
  /// @param kind their name in JSON
  /// @param columns the table's first line
  void print(String kind, List<String> columns, List<Row> rows) {
    switch (format) {
      case TABLE -> table(columns, rows);
      case JSON -> json(PRETTY, Map.of(kind, rows.stream().map(Row::fields).toList()));
      case JSONL -> rows.forEach(row -> json(LINE, row.fields()));
      case NAME -> rows.forEach(row -> System.out.println(row.name()));
    }
  }

  /// Prints one thing.
  ///
  /// @param text what people read
  void print(String text, String name, Map<String, Object> fields) {
    switch (format) {
      case TABLE -> System.out.println(text);
      case JSON -> json(PRETTY, fields);
      case JSONL -> json(LINE, fields);
      case NAME -> System.out.println(name);
    }
  }

  private void table(List<String> columns, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<Column> all = new ArrayList<>();
    for (String column : columns) {
      all.add(
          new Column()
              .header(noHeaders ? null : column)
              .headerAlign(HorizontalAlign.LEFT)
              .dataAlign(HorizontalAlign.LEFT)
              .maxWidth(CELL_CHARS_MAX + 3));
    }
    String[][] cells =
        rows.stream()
            .map(row -> row.cells().stream().map(Output::cell).toArray(String[]::new))
            .toArray(String[][]::new);
    System.out.println(
        AsciiTable.getTable(AsciiTable.NO_BORDERS, all.toArray(Column[]::new), cells)
            .lines()
            .map(line -> line.substring(1).stripTrailing())
            .collect(Collectors.joining("\n")));
  }

  // What somebody typed elsewhere may hold what moves a terminal's cursor.
  static String cell(String text) {
    String cut = text.length() > CELL_CHARS_MAX ? text.substring(0, CELL_CHARS_MAX) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private static void json(ObjectWriter writer, Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("schemaVersion", SCHEMA_VERSION);
    all.putAll(fields);
    try {
      System.out.println(writer.writeValueAsString(all));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON: " + fields.keySet(), e);
    }
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
          Names.quoted(text) + " is no format: table, json, jsonl or name");
    }
  }
}
