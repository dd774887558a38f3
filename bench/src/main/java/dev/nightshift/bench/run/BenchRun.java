package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.Setting;

/// Something that can be measured.
public interface BenchRun {
  /// As the command line names it.
  String name();

  /// Whether [Setting#sides] chooses among what it compares; else all of it runs.
  default boolean choosesSides() {
    return false;
  }

  /// Measures.
  Report measure(Setting setting);
}
