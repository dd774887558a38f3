package dev.nightshift.bench.stage;

import dev.nightshift.worker.WorkerMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A worker as users run it.
///
/// @param name as reports show it
/// @param handlers the folder with the handler JAR
/// @param options of the worker beyond what every worker needs
public record Nightshift(String name, Path handlers, List<String> options) implements Side {
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
