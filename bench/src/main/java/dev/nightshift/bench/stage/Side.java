package dev.nightshift.bench.stage;

import dev.nightshift.worker.WorkerMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is measured beside others.
public interface Side {
  /// As reports show it.
  String name();

  /// The process that runs a load.
  ///
  /// @param process its name, not used before
  JavaProcess.Launch launch(Load load, String bootstrapServers, String process);

  /// The group whose commits say how far it is; empty if its process ends by itself when all is on
  /// record.
  Optional<String> group(Load load);

  /// A worker as users run it.
  ///
  /// @param handlers the folder with the handler JAR
  /// @param options of the worker beyond what every worker needs
  record Nightshift(String name, Path handlers, List<String> options) implements Side {
    @Override
    public JavaProcess.Launch launch(Load load, String bootstrapServers, String process) {
      List<String> arguments = new ArrayList<>();
      arguments.add("--bootstrap-server=" + bootstrapServers);
      arguments.add("--topic-prefix=" + load.plan().prefix());
      arguments.add("--handlers=" + handlers);
      arguments.add("--name=" + process);
      arguments.addAll(options);
      return new JavaProcess.Launch(process, WorkerMain.class, List.of(), arguments);
    }

    @Override
    public Optional<String> group(Load load) {
      return Optional.of(load.plan().workersGroup());
    }
  }

  /// A process that ends by itself.
  ///
  /// @param main gets `BOOTSTRAP TOPIC GROUP` and the arguments
  record Yardstick(String name, Class<?> main, List<String> arguments) implements Side {
    @Override
    public JavaProcess.Launch launch(Load load, String bootstrapServers, String process) {
      List<String> all = new ArrayList<>(List.of(bootstrapServers, load.topic(), groupOf(process)));
      all.addAll(arguments);
      return new JavaProcess.Launch(process, main, List.of(), all);
    }

    @Override
    public Optional<String> group(Load load) {
      return Optional.empty();
    }

    /// The group that such a process commits for.
    public static String groupOf(String process) {
      return "group-" + process;
    }
  }
}
