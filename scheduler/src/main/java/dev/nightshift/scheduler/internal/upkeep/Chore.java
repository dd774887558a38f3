package dev.nightshift.scheduler.internal.upkeep;

/// Something that is done for the fleet time and again. Owned by the thread of [Upkeep]. Whoever
/// did it before, or does it at the same moment, does no harm.
public interface Chore {
  /// What is done, for messages: `trimming`.
  String name();

  /// Does what is to be done now. What was not reached is done the next time.
  ///
  /// @throws dev.nightshift.common.FleetException if it cannot be done; it is tried again
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  void turn();

  /// Another scheduler does it from now on: what is known may be old when it comes back.
  void forget();
}
