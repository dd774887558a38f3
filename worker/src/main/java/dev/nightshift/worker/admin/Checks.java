package dev.nightshift.worker.admin;

/// A process's health. Safe for use by many threads.
public interface Checks {
  /// Whether the process should be left alone rather than started anew.
  Answer live();

  /// Whether it does what it is there for.
  Answer ready();
}
