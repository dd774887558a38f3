package dev.nightshift.common;

import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/// How much of a queue may run, in the whole fleet. What is empty is not limited. Immutable.
///
/// @param generation of the canvas
/// @param concurrency handlers at once, from 1
/// @param perSecond starts a second, more than 0
/// @param timeout how long one handler may take, more than 0; beats what the handler itself says
public record Limit(
    String canvas,
    int generation,
    String queue,
    Optional<Integer> concurrency,
    Optional<Double> perSecond,
    Optional<Duration> timeout)
    implements ControlFact.OfQueue {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is not allowed; the message says what is
  public Limit {
    concurrency
        .filter(value -> value < 1)
        .ifPresent(value ->
            refuse("concurrency", value, "a whole number from 1; to stop a queue pause it"));
    perSecond
        .filter(value -> !(value > 0) || value.isInfinite())
        .ifPresent(value -> refuse("rate", value, "more than 0; to stop a queue pause it"));
    timeout
        .filter(value -> value.isNegative() || value.isZero())
        .ifPresent(value -> refuse("timeout", value, "more than 0"));
  }

  private static void refuse(String what, Object value, String allowed) {
    throw new IllegalArgumentException(what + " " + value + " is not allowed: " + allowed);
  }

  /// The key of the record of a queue's limit.
  public static String key(String canvas, int generation, String queue) {
    return "limit/" + canvas + "/" + generation + "/" + queue;
  }

  @Override
  public String key() {
    return key(canvas, generation, queue);
  }

  /// Whether nothing is limited.
  public boolean none() {
    return concurrency.isEmpty() && perSecond.isEmpty() && timeout.isEmpty();
  }

  /// Whether starts are limited, for which a lane is needed.
  public boolean ofStarts() {
    return concurrency.isPresent() || perSecond.isPresent();
  }

  /// In how many of a lane's partitions its events are: each has one owner, who keeps that
  /// partition's part of the limit, so nobody need be asked.
  public int partitions(Lane lane) {
    int most = Math.min(lane.partitions(), concurrency.orElse(lane.partitions()));
    return perSecond.map(rate -> (int) Math.max(1, Math.min(most, Math.floor(rate)))).orElse(most);
  }

  /// How many handlers at once a partition of the lane gets; empty if that is not limited.
  public Optional<Integer> concurrency(Lane lane, int partition) {
    int partitions = partitions(lane);
    return concurrency.map(all ->
        partition >= partitions ? 0 : all / partitions + (partition < all % partitions ? 1 : 0));
  }

  /// How many starts a second a partition of the lane gets; empty if that is not limited.
  public Optional<Double> perSecond(Lane lane, int partition) {
    int partitions = partitions(lane);
    return perSecond.map(all -> partition >= partitions ? 0 : all / partitions);
  }

  /// As people read it: `concurrency 4, 10/s, timeout 30s`, or `none`.
  public String text() {
    StringJoiner text = new StringJoiner(", ");
    text.setEmptyValue("none");
    concurrency.ifPresent(value -> text.add("concurrency " + value));
    perSecond.ifPresent(value ->
        text.add((value == Math.rint(value) ? Long.toString(value.longValue()) : value) + "/s"));
    timeout.ifPresent(value -> text.add("timeout " + Durations.text(value)));
    return text.toString();
  }
}
