package dev.nightshift.common.scale;

import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many workers a scheduler wants, and why. Immutable.
///
/// @param wanted within the bounds
/// @param running workers that ran then
/// @param reason in words
/// @param since from when on this number is wanted
/// @param scheduler the name of who decided
/// @param at when it said so last, by the broker's clock; it says so every few seconds
public record ScaleDecision(
    int wanted,
    int running,
    String reason,
    Instant since,
    ScaleBounds bounds,
    ScaleFigures figures,
    String scheduler,
    Instant at) {
  /// What was said before this is old: no scheduler has decided since. Another scheduler takes over
  /// in less.
  public static final Duration FRESH_MAX = Duration.ofSeconds(30);

  /// As JSON has it, for programs: what is in here stays.
  public Map<String, Object> fields() {
    Map<String, Object> figured = new LinkedHashMap<>();
    figured.put("waiting", figures.waiting());
    figured.put("limited", figures.limited());
    figured.put("oldestMillis", figures.oldest().toMillis());
    figured.put("arrivalsPerSecond", figures.arrivals());
    figured.put("drainedPerSecond", figures.drained());
    figures.perWorker().ifPresent(known -> figured.put("perWorkerPerSecond", known));
    figured.put("partitions", figures.partitions());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("workers", ordered("wanted", wanted, "running", running));
    fields.put("reason", reason);
    fields.put("since", since.toString());
    fields.put("saidAt", at.toString());
    fields.put("scheduler", scheduler);
    Map<String, Object> bound = ordered("min", bounds.min(), "max", bounds.max());
    bound.put("targetMillis", bounds.target().toMillis());
    fields.put("bounds", bound);
    fields.put("figures", figured);
    return fields;
  }

  private static Map<String, Object> ordered(String first, int one, String second, int other) {
    Map<String, Object> both = new LinkedHashMap<>();
    both.put(first, one);
    both.put(second, other);
    return both;
  }

  /// Whether a scheduler has decided lately.
  ///
  /// @param now by this machine's clock, which should not be wrong by more than a few seconds
  public boolean isFresh(Instant now) {
    return !at.plus(FRESH_MAX).isBefore(now);
  }
}
