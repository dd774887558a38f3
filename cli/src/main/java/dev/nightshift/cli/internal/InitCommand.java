package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.Output.Row;
import dev.nightshift.common.Fleet;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Makes a fleet's topics.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the fleet's own topics where they are missing, and checks those that are there.",
      "A worker that starts does the same."
    },
    footer = {"", "Example: nightshift init --replication 3"})
public final class InitCommand implements Callable<Integer> {
  @Mixin private CanvasCommand.Replication replication;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    try (Fleet fleet = connection.fleet()) {
      Set<String> made = fleet.init(replication.copies());
      output.print(
          "topics",
          List.of("TOPIC", "STATE"),
          connection.plan().own().stream().map(topic -> row(topic, made.contains(topic))).toList());
      return ExitCode.DONE;
    }
  }

  private static Row row(String topic, boolean made) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", topic);
    fields.put("changed", made);
    return new Row(topic, List.of(topic, made ? "made" : "was there already"), fields);
  }
}
