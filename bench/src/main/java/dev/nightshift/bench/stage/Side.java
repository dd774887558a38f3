package dev.nightshift.bench.stage;

import java.util.List;
import java.util.Optional;

/// What is measured beside others.
public interface Side {
  /// As reports show it.
  String name();

  /// The process that runs a load.
  ///
  /// @param bootstrapServers the broker
  /// @param name of the process, not used before
  JavaProcess.Launch launch(Load load, String bootstrapServers, String name);

  /// The group whose commits say how far it is; empty if its process ends by itself when all is on
  /// record.
  Optional<String> group(Load load);

  /// A yardstick: a process that ends by itself.
  ///
  /// @param main gets `BOOTSTRAP TOPIC GROUP` and the arguments
  record Yardstick(String name, Class<?> main, List<String> arguments) implements Side {
    @Override
    public JavaProcess.Launch launch(Load load, String bootstrapServers, String process) {
      List<String> all =
          new java.util.ArrayList<>(List.of(bootstrapServers, load.topic(), "group-" + process));
      all.addAll(arguments);
      return new JavaProcess.Launch(process, main, List.of(), all);
    }

    @Override
    public Optional<String> group(Load load) {
      return Optional.empty();
    }
  }
}
