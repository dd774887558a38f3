package dev.nightshift.cli.internal;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.Styler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows under headers, as wide as they need. Pure.
///
/// @param columns the headers
/// @param rows as many cells each as there are columns, without control characters
record Table(List<String> columns, List<List<String>> rows) {
  /// Longer ones are cut where the table should fit a terminal.
  static final int CELL_CHARS_MAX = 200;

  private static final String BOLD = "\033[1m";
  private static final String GREEN = "\033[32m";
  private static final String YELLOW = "\033[33m";
  private static final String RED = "\033[31m";
  private static final String PLAIN = "\033[0m";

  /// The columns whose words have colours.
  private static final Set<String> COLORED = Set.of("STATE", "OUTCOME", "RESULT");

  private static final Map<String, String> COLORS =
      Map.ofEntries(
          Map.entry("ok", GREEN),
          Map.entry("active", GREEN),
          Map.entry("running", GREEN),
          Map.entry("completed", GREEN),
          Map.entry("warning", YELLOW),
          Map.entry("paused", YELLOW),
          Map.entry("limited", YELLOW),
          Map.entry("quiet", YELLOW),
          Map.entry("draining", YELLOW),
          Map.entry("silent", RED),
          Map.entry("wrong", RED),
          Map.entry("blocked", RED),
          Map.entry("canvas deleted", RED),
          Map.entry("errored", RED),
          Map.entry("timed_out", RED),
          Map.entry("no_handler", RED),
          Map.entry("exhausted", RED));

  // Of several words in a cell the worst gives the colour.
  private static final List<String> WORST_FIRST = List.of(RED, YELLOW, GREEN);

  String text(boolean withHeaders, boolean withColors) {
    Column[] all =
        columns.stream()
            .map(column -> new Column().header(withHeaders ? column : null))
            .map(column -> column.headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT))
            .map(column -> column.maxWidth(Integer.MAX_VALUE))
            .toArray(Column[]::new);
    String[][] cells =
        rows.stream().map(row -> row.toArray(String[]::new)).toArray(String[][]::new);
    return AsciiTable.builder()
        .border(AsciiTable.NO_BORDERS)
        .styler(withColors ? new Colors(columns) : new Styler() {})
        .data(all, cells)
        .asString()
        .lines()
        .map(line -> line.substring(1).stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  private record Colors(List<String> columns) implements Styler {
    @Override
    public List<String> styleCell(Column column, int row, int number, List<String> lines) {
      return COLORED.contains(columns.get(number))
          ? lines.stream().map(Colors::state).toList()
          : lines;
    }

    private static String state(String padded) {
      return WORST_FIRST.stream()
          .filter(color -> Stream.of(padded.strip().split(", ")).anyMatch(each -> has(each, color)))
          .findFirst()
          .map(color -> in(color, padded))
          .orElse(padded);
    }

    // What follows the word, such as how much a limit is, has no colour of its own.
    private static boolean has(String state, String color) {
      return color.equals(COLORS.get(state)) || color.equals(COLORS.get(state.split(" ")[0]));
    }

    @Override
    public List<String> styleHeader(Column column, int number, List<String> lines) {
      return lines.stream().map(line -> in(BOLD, line)).toList();
    }

    private static String in(String color, String padded) {
      String text = padded.strip();
      return padded.replace(text, color + text + PLAIN);
    }
  }
}
