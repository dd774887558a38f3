package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.Output.Row;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.CanvasChange;
import dev.nightshift.common.CanvasTopic;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What concerns canvases.
@Command(
    name = "canvas",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows, creates and deletes canvases.")
public final class CanvasCommand {
  private static final int PARTITIONS = 6;
  private static final List<String> COLUMNS =
      List.of("NAME", "STATE", "PARTITIONS", "GENERATION", "TOPIC", "GROUP");

  /// Shows all canvases.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows the canvases, by name.",
      footer = {"", "Example: nightshift canvas list -o json"})
  int list(
      @Option(
              names = {"-a", "--all"},
              description = "Deleted ones, too.")
          boolean all,
      @Mixin Output output,
      @Mixin Watch watch,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      return watch.show(output, () -> list(fleet, all, output));
    }
  }

  private static void list(Fleet fleet, boolean all, Output output) {
    List<Canvas> canvases =
        fleet.view().canvases().stream()
            .filter(canvas -> all || !canvas.deleted())
            .sorted(Comparator.comparing(Canvas::name))
            .toList();
    Map<String, Integer> partitions =
        fleet.partitions(canvases.stream().map(Canvas::topic).distinct().toList());
    output.print(
        "canvases",
        COLUMNS,
        canvases.stream()
            .map(canvas -> row(canvas, Optional.ofNullable(partitions.get(canvas.topic()))))
            .toList());
    if (canvases.isEmpty()) {
      output.remark("there are no canvases; create one with: nightshift canvas create NAME");
    }
  }

  /// Creates a canvas.
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Creates a canvas. One that exists is left as it is.",
        "Thousands of small canvases run as fast as one if they share a topic (--shared-topic)."
            + " Who may write that topic may emit into each of them."
      },
      footer = {
        "",
        "Example: nightshift canvas create shop --partitions 12",
        "         nightshift canvas create tenant-17 --shared-topic tenants"
      })
  int create(
      @Parameters(paramLabel = "NAME", description = "The canvas.") String name,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              description =
                  "Of its topic, where it is made: 1 to 10000 (default: " + PARTITIONS + ").")
          @Nullable Integer partitions,
      @Option(
              names = "--shared-topic",
              paramLabel = "TOPIC",
              description =
                  "The topic that it shares with others: 1 to 63 of a-z, 0-9 and '-', starting with a"
                      + " letter (default: one of its own).")
          @Nullable String sharedTopic,
      @Mixin Replication replication,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      CanvasChange change =
          fleet.createCanvas(
              name,
              new CanvasTopic(
                  Optional.ofNullable(sharedTopic),
                  Objects.requireNonNullElse(partitions, PARTITIONS),
                  replication.copies()),
              actor.cause(reason));
      Canvas canvas = change.after();
      int made = fleet.partitions(canvas.topic());
      print(
          output,
          change,
          Optional.of(made),
          "canvas "
              + name
              + (change.changed() ? " is created" : " was there already")
              + (canvas.shared() ? ": shared topic " : ": topic ")
              + canvas.topic()
              + " with "
              + made
              + (made == 1 ? " partition" : " partitions")
              + (canvas.shared() ? sharers(fleet.view(), canvas) : ""));
      if (sharedTopic != null && !canvas.topic().equals(connection.plan().shared(sharedTopic))) {
        output.remark(
            "it stays in the topic where it was created: --shared-topic does nothing for it");
      } else if (partitions != null && partitions != made) {
        output.remark(
            "the topic was there already, with " + made + ": --partitions does nothing for it");
      }
      return ExitCode.DONE;
    }
  }

  // Who misspells the topic sees that nobody else is there.
  private static String sharers(ControlView view, Canvas canvas) {
    long others =
        view.canvasesOf(canvas.topic()).stream()
            .filter(each -> !each.deleted() && !each.name().equals(canvas.name()))
            .count();
    return others == 0
        ? ", no other canvas is there"
        : ", beside " + others + (others == 1 ? " other canvas" : " other canvases");
  }

  /// Shows one canvas.
  @Command(
      name = "describe",
      mixinStandardHelpOptions = true,
      description = "Shows one canvas and what is paused or blocked of it.",
      footer = {"", "Example: nightshift canvas describe shop"})
  int describe(
      @Parameters(paramLabel = "NAME", description = "The canvas.") String name,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      Canvas canvas = fleet.canvas(name);
      Optional<Integer> partitions = partitions(fleet, canvas);
      List<Flag> flags = flags(fleet.view(), canvas, Instant.now());
      Map<String, Object> fields = new LinkedHashMap<>(fields(canvas, partitions));
      fields.put("flags", flags.stream().map(CanvasCommand::fields).toList());
      output.print(text(canvas, partitions, flags), name, Map.of("canvas", fields));
      return ExitCode.DONE;
    }
  }

  /// Deletes a canvas.
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = {
        "Deletes a canvas: nothing can be emitted into it any more.",
        "What waits ends as canvas_deleted, delayed events too, and its crons go with it. Its name may"
            + " be used again later. Wants the name typed."
      },
      footer = {"", "Example: nightshift canvas delete shop --reason 'moved to another fleet'"})
  int delete(
      @Parameters(paramLabel = "NAME", description = "The canvas.") String name,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      Canvas canvas = fleet.canvas(name);
      String with = canvas.deleted() ? "" : with(crons(fleet, name, connection));
      if (!yes && !canvas.deleted()) {
        Confirmation.ofTerminal()
            .typed(
                name,
                "deleting canvas " + name,
                "Nothing can be emitted into canvas "
                    + name
                    + " any more then. With it go, without being run, "
                    + with
                    + ".");
      }
      CanvasChange change = fleet.deleteCanvas(name, with, actor.cause(reason));
      print(
          output,
          change,
          partitions(fleet, canvas),
          "canvas "
              + name
              + (change.changed() ? " is deleted, with " + with : " was deleted already"));
      return ExitCode.DONE;
    }
  }

  // Who may not read them may delete the canvas all the same.
  private static OptionalLong crons(Fleet fleet, String canvas, Connection connection) {
    try (Crons crons = CronCommand.open(fleet, connection)) {
      return OptionalLong.of(
          crons.all().stream().filter(cron -> cron.name().canvas().equals(canvas)).count());
    } catch (FleetException e) {
      return OptionalLong.empty();
    }
  }

  // How many events are delayed would have to be counted.
  private static String with(OptionalLong crons) {
    String delayed = "any events that wait or are delayed";
    if (crons.isEmpty()) {
      return "its crons and " + delayed;
    }
    long count = crons.getAsLong();
    return (count == 0 ? "" : count == 1 ? "its cron and " : "its " + count + " crons and ")
        + delayed;
  }

  private static void print(
      Output output, CanvasChange change, Optional<Integer> partitions, String text) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("changed", change.changed());
    fields.put("canvas", fields(change.after(), partitions));
    output.print(text, change.after().name(), fields);
  }

  private static Optional<Integer> partitions(Fleet fleet, Canvas canvas) {
    return Optional.ofNullable(fleet.partitions(List.of(canvas.topic())).get(canvas.topic()));
  }

  private static Row row(Canvas canvas, Optional<Integer> partitions) {
    return new Row(
        canvas.name(),
        List.of(
            canvas.name(),
            state(canvas),
            partitions.map(String::valueOf).orElse("-"),
            Integer.toString(canvas.generation()),
            canvas.topic(),
            canvas.group()),
        fields(canvas, partitions));
  }

  private static String state(Canvas canvas) {
    return canvas.gone() ? "gone" : canvas.deleted() ? "deleted" : "active";
  }

  // Without partitions where the topic is gone.
  private static Map<String, Object> fields(Canvas canvas, Optional<Integer> partitions) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", canvas.name());
    fields.put("state", state(canvas));
    fields.put("generation", canvas.generation());
    fields.put("topic", canvas.topic());
    fields.put("shared", canvas.shared());
    partitions.ifPresent(count -> fields.put("partitions", count));
    fields.put("group", canvas.group());
    return fields;
  }

  static Map<String, Object> fields(Flag flag) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("scope", flag.scope().toString());
    fields.put("state", flag.kind().state());
    fields.put("actor", flag.actor());
    fields.put("reason", flag.reason());
    fields.put("setAt", flag.setAt().toString());
    flag.until().ifPresent(end -> fields.put("until", end.toString()));
    return fields;
  }

  // Those on all canvases stop this one as well.
  private static List<Flag> flags(ControlView view, Canvas canvas, Instant now) {
    return view.flags().all().stream()
        .filter(flag -> flag.counts(now))
        .filter(flag ->
            flag.scope().canvas().isEmpty()
                || (flag.scope().canvas().get().equals(canvas.name())
                    && flag.generation() == canvas.generation()))
        .toList();
  }

  private static String text(Canvas canvas, Optional<Integer> partitions, List<Flag> flags) {
    StringBuilder text = new StringBuilder();
    line(text, "name", canvas.name());
    line(text, "state", state(canvas));
    line(text, "generation", Integer.toString(canvas.generation()));
    String note = canvas.shared() ? " (shared)" : partitions.isEmpty() ? " (gone)" : "";
    line(text, "topic", canvas.topic() + note);
    partitions.ifPresent(count -> line(text, "partitions", Integer.toString(count)));
    line(text, "group", canvas.group());
    flags.forEach(flag -> line(text, "flag", flag.scope() + " is " + flag.text()));
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-12s%s%n".formatted(name, value));
  }

  /// How many copies topics have that a command makes.
  static final class Replication {
    @Option(
        names = "--replication",
        paramLabel = "N",
        description =
            "Copies of each partition; with three or more, two must be in sync to acknowledge"
                + " (default: as the brokers have it, in both).")
    private @Nullable Integer replication;

    OptionalInt copies() {
      Integer given = replication;
      return given == null ? OptionalInt.empty() : OptionalInt.of(given);
    }
  }
}
