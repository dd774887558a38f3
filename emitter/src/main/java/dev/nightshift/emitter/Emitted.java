package dev.nightshift.emitter;

/// An event that Kafka has durably.
///
/// @param id the event's id
/// @param topic where it is: its canvas's, or the fleet's topic of delayed events until it is due
/// @param partition where in the topic
/// @param offset where in the partition
public record Emitted(String id, String topic, int partition, long offset) {}
