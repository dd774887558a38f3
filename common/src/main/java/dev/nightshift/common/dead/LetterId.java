package dev.nightshift.common.dead;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names a dead letter by its place in the dead topic, written `PARTITION/OFFSET`. Immutable;
/// ordered by partition, then offset.
public record LetterId(int partition, long offset) implements Comparable<LetterId> {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})/([0-9]{1,18})");
  private static final Comparator<LetterId> ORDER =
      Comparator.comparingInt(LetterId::partition).thenComparingLong(LetterId::offset);

  /// Reads what people write; empty if it has not that form.
  public static Optional<LetterId> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new LetterId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(LetterId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return partition + "/" + offset;
  }
}
