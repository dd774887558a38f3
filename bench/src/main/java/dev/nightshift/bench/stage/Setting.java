package dev.nightshift.bench.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/// How much is measured.
///
/// @param rounds how often each side runs
/// @param events how many each side runs in a round, if it is said
/// @param sides that run where several do; empty: all
/// @param canvases how many there are where there are many
/// @param flags of each side's JVM
/// @param folder for logs and what is counted
/// @param progress told what was measured, as it is
public record Setting(
    int rounds,
    OptionalInt events,
    Set<String> sides,
    int canvases,
    List<String> flags,
    Path folder,
    Consumer<String> progress) {
  /// Keeps copies.
  public Setting {
    sides = Set.copyOf(sides);
    flags = List.copyOf(flags);
  }

  /// How many events: as told, or else as usual.
  public int events(int usual) {
    return events.orElse(usual);
  }

  /// Whether a side runs.
  public boolean wants(Side side) {
    return sides.isEmpty() || sides.contains(side.name());
  }
}
