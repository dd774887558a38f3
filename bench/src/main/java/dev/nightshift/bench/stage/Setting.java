package dev.nightshift.bench.stage;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// How much is measured.
///
/// @param rounds how often each side runs
/// @param events how many each side runs in a round, if it is said
/// @param canvases how many there are where there are many
/// @param heapMegabytes of each side's process
/// @param folder for logs and what is counted
/// @param progress told what was measured, as it is
public record Setting(
    int rounds,
    OptionalInt events,
    int canvases,
    int heapMegabytes,
    Path folder,
    Consumer<String> progress) {

  /// How many events: as told, or else as usual.
  public int events(int usual) {
    return events.orElse(usual);
  }
}
