package dev.nightshift.cli.internal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.nightshift.common.Names;
import dev.nightshift.common.Nearest;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// What a file of crons says. Immutable.
///
/// @param canvases those that it names: they have no other crons than its own
/// @param crons without those that something is wrong with
/// @param problems all that is wrong with the file
record CronFile(
    SortedSet<String> canvases, SortedMap<CronName, CronSettings> crons, List<String> problems) {
  private static final String FIRST_KEY = "canvases";
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("queue", "schedule", "every", "zone", "payload", "missed", "overlap"));

  private static final Pattern TWICE = Pattern.compile("^Duplicate field '(?<key>.*)'");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Who writes `queue: off` means the word, as YAML does since 1.2.
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .build();
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Reads a file's text.
  static CronFile parse(String yaml) {
    CronFile file = new CronFile(new TreeSet<>(), new TreeMap<>(), new ArrayList<>());
    try {
      Optional<Integer> alias = firstAlias(yaml);
      if (alias.isPresent()) {
        file.problems.add(
            "line "
                + alias.get()
                + ": it has an alias, a value that begins with *, which stands for a value that is"
                + " elsewhere: write that value, or put it into quotes, such as '*/5 * * * *'");
      } else {
        file.read(YAML.readTree(yaml));
      }
    } catch (JsonProcessingException e) {
      file.problems.add(notYaml(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A text can be read.
    }
    return file;
  }

  // The library would take the alias's name for the value.
  private static Optional<Integer> firstAlias(String yaml) throws IOException {
    try (YAMLParser parser = YAML.getFactory().createParser(yaml)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          return Optional.of(parser.currentTokenLocation().getLineNr());
        }
      }
    }
    return Optional.empty();
  }

  // What the library says may quote the file, and payloads with it.
  private static String notYaml(JsonProcessingException e) {
    Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
    String why =
        hasTab(e)
            ? ": it is indented with a tab, and only spaces are allowed there"
            : "; a value that begins with * or @ wants quotes, such as '*/5 * * * *'";
    return line(e).map(line -> "line " + line + ": it").orElse("it")
        + (twice.find()
            ? " names " + Names.quoted(twice.group("key")) + " twice"
            : " is no YAML" + why);
  }

  // Where nothing is marked it is known only what was read before, and no column of it.
  private static Optional<Integer> line(JsonProcessingException e) {
    return e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null
        ? Optional.of(marked.getProblemMark().getLine() + 1)
        : Optional.ofNullable(e.getLocation()).map(JsonLocation::getLineNr);
  }

  private static boolean hasTab(JsonProcessingException e) {
    return e.getCause() instanceof MarkedYAMLException marked
        && String.valueOf(marked.getProblem()).contains("(TAB)");
  }

  private void read(JsonNode root) {
    JsonNode all = root.path(FIRST_KEY);
    if (!all.isObject() || root.size() > 1) {
      problems.add(
          "it has no map 'canvases' alone at its top: canvases: {CANVAS: {NAME: {queue: QUEUE,"
              + " schedule: TIMES}}}");
      return;
    }
    all.properties().forEach(each -> canvas(each.getKey(), each.getValue()));
  }

  private void canvas(String canvas, JsonNode node) {
    Optional<String> wrong =
        Names.problemWithCanvas(canvas)
            .or(() ->
                node.isObject()
                    ? Optional.empty()
                    : Optional.of("canvas " + canvas + " has no map of crons; for none write {}"));
    if (wrong.isPresent()) {
      problems.add(wrong.get());
      return;
    }
    canvases.add(canvas);
    node.properties().forEach(each -> cron(canvas, each.getKey(), each.getValue()));
  }

  private void cron(String canvas, String name, JsonNode node) {
    List<String> wrong = new ArrayList<>();
    CronName cron;
    try {
      cron = new CronName(canvas, name);
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage() + " (in canvas " + canvas + ")");
      return;
    }
    Optional<CronSettings> settings = node.isObject() ? settings(node, wrong) : Optional.empty();
    if (!node.isObject()) {
      wrong.add("it has no map of settings");
    }
    wrong.forEach(problem -> problems.add(cron + ": " + problem));
    settings.ifPresent(each -> crons.put(cron, each));
  }

  private static Optional<CronSettings> settings(JsonNode node, List<String> wrong) {
    node.fieldNames()
        .forEachRemaining(key -> {
          if (!KEYS.contains(key)) {
            wrong.add(
                "there is no key "
                    + Names.quoted(key)
                    + Nearest.close(key, KEYS)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
          }
        });
    Optional<String> queue = text(node, "queue", wrong);
    if (queue.isEmpty() && !node.has("queue")) {
      wrong.add("queue is missing");
    }
    queue.flatMap(Names::problemWithQueue).ifPresent(wrong::add);
    Optional<CronSchedule> schedule = schedule(node, wrong);
    Optional<CronPayload> payload = read(wrong, "payload", () -> payload(node.path("payload")));
    Optional<Missed> missed = word(node, "missed", CronWords::missed, Missed.ONCE, wrong);
    Optional<Overlap> overlap = word(node, "overlap", CronWords::overlap, Overlap.ALLOW, wrong);
    return wrong.isEmpty()
        ? Optional.of(
            new CronSettings(
                queue.orElseThrow(),
                schedule.orElseThrow(),
                payload.orElseThrow(),
                missed.orElseThrow(),
                overlap.orElseThrow()))
        : Optional.empty();
  }

  private static Optional<CronSchedule> schedule(JsonNode node, List<String> wrong) {
    int before = wrong.size();
    if (node.has("schedule") == node.has("every")) {
      wrong.add(
          node.has("every")
              ? "schedule (local times) and every (elapsed time) exclude each other"
              : "either schedule (local times) or every (elapsed time) must be there");
    }
    List<String> texts =
        Stream.concat(
                text(node, "every", wrong).map(every -> "every " + every).stream(),
                text(node, "schedule", wrong).stream())
            .toList();
    String zone = text(node, "zone", wrong).orElse(CronSchedule.UTC);
    wrong.addAll(ScheduleOptions.problems(texts, zone));
    return wrong.size() > before
        ? Optional.empty()
        : Optional.of(ScheduleOptions.parse(texts.getFirst(), zone));
  }

  private static CronPayload payload(JsonNode node) throws JsonProcessingException {
    return node.isMissingNode()
        ? CronPayload.NONE
        : CronPayload.ofJson(JSON.writeValueAsString(node));
  }

  private static <T> Optional<T> word(
      JsonNode node, String key, Function<String, T> read, T usual, List<String> wrong) {
    int before = wrong.size();
    Optional<String> text = text(node, key, wrong);
    if (wrong.size() > before) {
      return Optional.empty();
    }
    return text.isEmpty() ? Optional.of(usual) : read(wrong, key, () -> read.apply(text.get()));
  }

  private static Optional<String> text(JsonNode node, String key, List<String> wrong) {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isValueNode() || value.getNodeType() == JsonNodeType.NULL) {
      wrong.add(key + " is no text");
      return Optional.empty();
    }
    if (key.equals("queue") && !value.isTextual()) {
      wrong.add("queue is read as " + value.asText() + " and is no text: put it into quotes");
      return Optional.empty();
    }
    return Optional.of(value.asText());
  }

  private interface Reading<T> {
    T get() throws JsonProcessingException;
  }

  private static <T> Optional<T> read(List<String> wrong, String key, Reading<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (IllegalArgumentException e) {
      wrong.add((key.equals("payload") ? "" : key + " ") + e.getMessage());
    } catch (JsonProcessingException e) {
      wrong.add(key + " cannot be written as JSON");
    }
    return Optional.empty();
  }
}
