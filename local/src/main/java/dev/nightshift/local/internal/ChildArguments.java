package dev.nightshift.local.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a broker in a child process is told on its command line: `FOLDER keep|remove PORT
/// [PROPERTY=VALUE …]`. Pure.
public record ChildArguments(DataDirectory directory, int port, Map<String, String> overrides) {
  private static final String USAGE =
      "usage: LocalKafkaMain FOLDER keep|remove PORT [PROPERTY=VALUE …]";
  private static final String REMOVE = "remove";
  private static final String KEEP = "keep";

  /// Reads a command line.
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is wrong
  public static ChildArguments parse(List<String> arguments) {
    if (arguments.size() < 3) {
      throw new IllegalArgumentException(USAGE);
    }
    String fate = arguments.get(1);
    if (!fate.equals(KEEP) && !fate.equals(REMOVE)) {
      throw new IllegalArgumentException("'" + fate + "' is not allowed; " + USAGE);
    }
    Map<String, String> overrides = new TreeMap<>();
    for (String argument : arguments.subList(3, arguments.size())) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + argument + "' is not allowed; " + USAGE);
      }
      overrides.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return new ChildArguments(
        new DataDirectory(Path.of(arguments.get(0)), fate.equals(REMOVE)),
        Integer.parseInt(arguments.get(2)),
        overrides);
  }

  /// The command line that [#parse] reads.
  public List<String> format() {
    List<String> arguments = new ArrayList<>();
    arguments.add(directory.path().toString());
    arguments.add(directory.temporary() ? REMOVE : KEEP);
    arguments.add(String.valueOf(port));
    overrides.forEach((property, value) -> arguments.add(property + "=" + value));
    return arguments;
  }
}
