package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.ScaleBoundsChange;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Sets between which numbers of workers schedulers decide.
@Command(
    name = "set",
    mixinStandardHelpOptions = true,
    description = {
      "Sets how many workers may be wanted, and how soon what waits should be done.",
      "What is not named stays as it is. Schedulers act by it with their next decision."
    },
    footer = {"", "Example: nightshift scale set --min 2 --max 20 --target 30s"})
final class ScaleSetCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--min",
      paramLabel = "N",
      description = "Workers though nothing waits, from 0 (as made: 1).")
  private @Nullable Integer min;

  @Option(names = "--max", paramLabel = "N", description = "Workers at most, from 1 (as made: 16).")
  private @Nullable Integer max;

  @Option(
      names = "--target",
      paramLabel = "DURATION",
      converter = Targets.class,
      description = "Within this time what waits should be done, 5s to 24h (as made: 1m).")
  private @Nullable Duration target;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    if (min == null && max == null && target == null) {
      throw Commands.wrong(
          command, List.of("what is to be set? Say --min, --max or --target, or several of them"));
    }
    // What is wrong whatever was set before is said without asking a cluster.
    wanted(new ScaleBounds(0, ScaleBounds.MAX, ScaleBounds.TARGET_MIN));
    try (Fleet fleet = connection.fleet()) {
      ScaleBoundsChange change =
          fleet.scaleBounds(wanted(fleet.view().scaleBounds()), actor.cause(reason));
      print(change);
      return ExitCode.DONE;
    }
  }

  private void print(ScaleBoundsChange change) {
    ScaleBounds after = change.after();
    Map<String, Object> bounds = new LinkedHashMap<>();
    bounds.put("min", after.min());
    bounds.put("max", after.max());
    bounds.put("targetMillis", after.target().toMillis());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("changed", change.changed());
    fields.put("bounds", bounds);
    output.print(
        (change.changed() ? "bounds are now " : "bounds were already ")
            + after.text()
            + (change.changed() ? " (before: " + change.before().text() + ")" : ""),
        "workers",
        fields);
  }

  private ScaleBounds wanted(ScaleBounds before) {
    try {
      return new ScaleBounds(
          min == null ? before.min() : min,
          max == null ? before.max() : max,
          target == null ? before.target() : target);
    } catch (IllegalArgumentException e) {
      throw Commands.wrong(
          command, String.valueOf(e.getMessage()).lines().map(line -> "--" + line).toList());
    }
  }

  /// Reads a target.
  static final class Targets implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationConverter.within(text, ScaleBounds.TARGET_MIN, ScaleBounds.TARGET_MAX);
    }
  }
}
