package dev.nightshift.common.dead;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Letters that cannot be emitted again, and why. Owned by one thread. Pure.
public final class Stays {
  /// So many are named; the others are counted by their reasons.
  public static final int NAMED_MAX = 1_000;

  private static final int REASONS_MAX = 100;

  private final Map<String, Long> byReason = new TreeMap<>();
  private final List<Stay> named = new ArrayList<>();
  private long count;

  /// One of them.
  ///
  /// @param reason completes "it stays, as …"
  public record Stay(LetterId letter, String reason) {}

  void add(LetterId letter, String reason) {
    count++;
    boolean known = byReason.containsKey(reason) || byReason.size() < REASONS_MAX;
    byReason.merge(known ? reason : "of other reasons", 1L, Long::sum);
    if (named.size() < NAMED_MAX) {
      named.add(new Stay(letter, reason));
    }
  }

  /// How many there are.
  public long count() {
    return count;
  }

  /// How many there are of each reason.
  public Map<String, Long> byReason() {
    return Collections.unmodifiableMap(byReason);
  }

  /// Some of them.
  public List<Stay> named() {
    return Collections.unmodifiableList(named);
  }
}
