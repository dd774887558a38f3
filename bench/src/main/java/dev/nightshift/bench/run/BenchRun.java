package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Report;

/// Something that can be measured.
public interface BenchRun {
  /// As the command line names it.
  String name();

  /// Measures.
  Report measure(Setting setting);
}
