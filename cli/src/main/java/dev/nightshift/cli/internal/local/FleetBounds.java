package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What `nightshift fleet` itself is told, and what may be wrong with it. Immutable.
///
/// @param min workers at least, from 0
/// @param max workers at most, from 1 to [#WORKERS_MAX]
/// @param firstPort the first worker's admin port; each further one has the next, unless it is 0
/// @param logs where the workers write their logs
/// @param jvm options of their Java
record FleetBounds(int min, int max, OptionalInt firstPort, Optional<Path> logs, List<String> jvm) {
  /// More processes than this on one machine are probably a mistyped number.
  static final int WORKERS_MAX = 1_000;

  private static final int PORT_MAX = 65_535;

  FleetBounds {
    jvm = List.copyOf(jvm);
  }

  /// All that is not allowed; the folder for the logs is made if it is missing.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (max < 1 || max > WORKERS_MAX) {
      problems.add("max " + max + " is not allowed: 1 to 1,000 workers");
    }
    if (min < 0 || min > Math.max(max, 0)) {
      problems.add(
          "min " + min + " is not allowed: 0 to as many workers as --max says, which is " + max);
    }
    firstPort.ifPresent(port -> checkPorts(port, problems));
    for (String option : jvm) {
      if (!option.startsWith("-")) {
        problems.add(
            "jvm option "
                + Names.quoted(option)
                + " is not allowed: one of Java's, with its '-', such as --jvm=-Xmx2g");
      }
    }
    logs.flatMap(FleetBounds::problemWithLogs).ifPresent(problems::add);
    return problems;
  }

  private void checkPorts(int port, List<String> problems) {
    if (port < 0 || port > PORT_MAX || port > 0 && port + max - 1L > PORT_MAX) {
      problems.add(
          "admin port "
              + port
              + " is not allowed: each worker has the next port, up to 65535; 0 gives each any that"
              + " is free");
    }
  }

  private static Optional<String> problemWithLogs(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      return Optional.of(
          "folder "
              + Names.quoted(folder.toString())
              + " for the logs cannot be made ("
              + e
              + "): name another with --log-dir DIR");
    }
    return Files.isWritable(folder)
        ? Optional.empty()
        : Optional.of(
            "folder "
                + Names.quoted(folder.toString())
                + " for the logs may not be written by this user: name another with --log-dir DIR");
  }
}
