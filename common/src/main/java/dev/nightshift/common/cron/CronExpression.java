package dev.nightshift.common.cron;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.nightshift.common.Names;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The local times of a cron expression: minute, hour, day of month, month, day of week, as
/// crontab(5) has them. If both days are restricted, either fits. Immutable; safe for use by many
/// threads. The one class that knows the library which reads them.
final class CronExpression {
  /// What may stand instead of five fields.
  static final Map<String, String> NAMES =
      new TreeMap<>(
          Map.of(
              "@hourly", "0 * * * *",
              "@daily", "0 0 * * *",
              "@midnight", "0 0 * * *",
              "@weekly", "0 0 * * 0",
              "@monthly", "0 0 1 * *",
              "@yearly", "0 0 1 1 *",
              "@annually", "0 0 1 1 *"));

  /// The library takes more, and guesses at some of it.
  private static final Pattern FIELD = Pattern.compile("ITEM(,ITEM)*".replace("ITEM", item()));

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", "0 to 59", 0, 59, List.of()),
          new Field("hour", "0 to 23", 0, 23, List.of()),
          new Field("day of month", "1 to 31", 1, 31, List.of()),
          new Field(
              "month",
              "1 to 12, or JAN to DEC",
              1,
              12,
              List.of(
                  "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                  "DEC")),
          new Field(
              "day of week",
              "0 to 7, where 0 and 7 are Sunday, or MON to SUN",
              1,
              7,
              List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")));

  private static final Pattern STEP = Pattern.compile(".*/(?<step>[0-9]{1,9})");
  private static final Pattern RANGE =
      Pattern.compile("(?<from>[^-/]+)-(?<to>[^-/]+)(?<step>/.*)?");

  private static final String EVERY = "*";
  private static final CronDefinition CRONTAB =
      CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);

  /// As long as a calendar takes to repeat itself, but for centuries: whatever comes, comes within
  /// it.
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final ExecutionTime times;
  private final boolean ofEveryHour;

  /// What a field may be.
  ///
  /// @param allowed in words
  /// @param first where it begins again after its last value
  /// @param names of its values, from 1
  private record Field(String name, String allowed, int first, int last, List<String> names) {
    /// What is wrong with a field that is not allowed.
    String mistake(String text) {
      return name
          + " "
          + Names.quoted(text)
          + Stream.of(text.split(","))
              .flatMap(item -> step(item).or(() -> backwards(item)).stream())
              .findFirst()
              .orElse(" is not " + allowed);
    }

    private Optional<String> step(String item) {
      Matcher step = STEP.matcher(item);
      return step.matches() && Integer.parseInt(step.group("step")) > last
          ? Optional.of(
              " has a step of more than "
                  + last
                  + ": for longer ones count elapsed time, such as 'every 90m'")
          : Optional.empty();
    }

    private Optional<String> backwards(String item) {
      Matcher range = RANGE.matcher(item);
      if (!range.matches()) {
        return Optional.empty();
      }
      String from = range.group("from");
      String to = range.group("to");
      boolean known = value(from) <= last && (value(to) >= first || allowed.startsWith("0"));
      if (!known || value(from) <= value(to)) {
        return Optional.empty();
      }
      boolean steps = range.group("step") != null;
      return Optional.of(
          " goes backwards: " + (steps ? "it has to be two ranges" : "write " + wrapped(from, to)));
    }

    private String wrapped(String from, String to) {
      boolean named = !from.matches("[0-9]+");
      String end = named ? names.get(last - 1) : Integer.toString(last);
      String start = named ? names.get(0) : Integer.toString(first);
      return (value(from) == last ? from : from + "-" + end)
          + (value(to) < first ? "" : "," + (value(to) == first ? to : start + "-" + to));
    }

    // One that it does not know is beyond its last.
    private int value(String text) {
      if (text.matches("[0-9]{1,2}")) {
        return Integer.parseInt(text);
      }
      int index = names.indexOf(text.toUpperCase(Locale.ROOT));
      return index < 0 ? last + 1 : index + 1;
    }
  }

  private static String item() {
    String value = "([0-9]{1,2}|[A-Za-z]{3})";
    return "(" + value + "|(\\*|" + value + "-" + value + ")(/[1-9][0-9]?)?)";
  }

  private CronExpression(ExecutionTime times, boolean ofEveryHour) {
    this.times = times;
    this.ofEveryHour = ofEveryHour;
  }

  /// Reads an expression.
  ///
  /// @throws IllegalArgumentException if it is none, or its time never comes; the message says what
  ///   is wrong and what is allowed
  static CronExpression parse(String text) {
    List<String> fields = List.of(NAMES.getOrDefault(text, text).split(" "));
    if (fields.size() != FIELDS.size()) {
      throw refused(
          text,
          "it is "
              + (text.isEmpty()
                  ? "empty"
                  : text.startsWith("@") || fields.size() == 1
                      ? "no known name"
                      : fields.size() + " fields")
              + ". Five fields are allowed (minute, hour, day of month, month, day of week), such as"
              + " '0 3 * * MON-FRI'; or "
              + String.join(", ", NAMES.keySet())
              + "; or 'every 90s'");
    }
    checkEach(text, fields);
    ExecutionTime times = times(fields);
    if (times.nextExecution(ANY_TIME.atZone(ZoneOffset.UTC)).isEmpty()) {
      throw refused(text, "no such day ever comes");
    }
    return new CronExpression(times, fields.get(1).equals(EVERY));
  }

  private static void checkEach(String text, List<String> fields) {
    StringJoiner wrong = new StringJoiner("; ");
    wrong.setEmptyValue("");
    for (int i = 0; i < FIELDS.size(); i++) {
      if (!isAllowed(i, fields.get(i))) {
        wrong.add(FIELDS.get(i).mistake(fields.get(i)));
      }
    }
    if (wrong.length() > 0) {
      throw refused(
          text,
          wrong
              + ". A field is * or a number, a range such as 1-5, * or a range with a step such as"
              + " */15, or several with commas");
    }
  }

  private static boolean isAllowed(int index, String field) {
    if (!FIELD.matcher(field).matches()) {
      return false;
    }
    List<String> alone = new ArrayList<>(List.of(EVERY, EVERY, EVERY, EVERY, EVERY));
    alone.set(index, field);
    try {
      times(alone);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ExecutionTime times(List<String> fields) {
    return ExecutionTime.forCron(new CronParser(CRONTAB).parse(String.join(" ", fields)));
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "schedule " + Names.quoted(text) + " is not allowed: " + why);
  }

  /// Whether its times are of every hour of the days that it names.
  boolean ofEveryHour() {
    return ofEveryHour;
  }

  /// The first of its times after another; empty if none comes any more.
  Optional<LocalDateTime> after(LocalDateTime time) {
    // Whole minutes only, in a zone whose clocks are never set: it is this that the library is
    // asked for, and what becomes of it in other zones is decided here.
    return times
        .nextExecution(time.truncatedTo(ChronoUnit.MINUTES).atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime);
  }
}
