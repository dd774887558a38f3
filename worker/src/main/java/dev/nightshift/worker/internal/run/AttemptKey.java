package dev.nightshift.worker.internal.run;

import org.apache.kafka.common.TopicPartition;

/// Names one attempt of this worker.
///
/// @param partition where the event's record is
/// @param assignment the assignment of the partition under which it was started; what is reported
///   under an older one is not heard
/// @param offset the record's offset
public record AttemptKey(TopicPartition partition, long assignment, long offset) {}
