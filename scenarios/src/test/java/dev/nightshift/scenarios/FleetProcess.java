package dev.nightshift.scenarios;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The command `nightshift fleet` in a scenario.
final class FleetProcess {
  private FleetProcess() {}

  /// Starts one, whose workers are called `night-1`, `night-2` and so on.
  static CommandProcess start(ScenarioFleet scenario, Path folder, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "fleet",
                "--name=night",
                "--bootstrap-server=" + scenario.bootstrapServers(),
                "--handlers=" + folder.resolve("handlers"),
                "--command-property=session.timeout.ms=2000",
                "--command-property=heartbeat.interval.ms=400",
                "--jvm=-XX:TieredStopAtLevel=1",
                // What users see, not what tests do.
                "--jvm=-Dlogback.configurationFile=logback.xml",
                "--jvm=-Dscenario.folder=" + folder));
    arguments.addAll(List.of(more));
    return CommandProcess.start(folder, arguments.toArray(String[]::new));
  }

  /// The process that was started last as the worker of a number.
  static ProcessHandle worker(CommandProcess fleet, int number) {
    Matcher started =
        Pattern.compile("worker night-" + number + " \\(process ([0-9]+)\\) was started")
            .matcher(fleet.printed());
    long pid = 0;
    while (started.find()) {
      pid = Long.parseLong(started.group(1));
    }
    return ProcessHandle.of(pid).orElseThrow();
  }
}
