package dev.nightshift.scheduler.events;

import dev.nightshift.common.Durations;
import java.time.Duration;

/// What a scheduler reports. Any of its threads may; who listens returns at once. Each says itself
/// as a line for the log.
public sealed interface SchedulerEvent {
  /// An event was emitted.
  ///
  /// @param late how long after it was due, until its transaction was committed
  record Fired(Duration late) implements SchedulerEvent {}

  /// An event ended otherwise.
  ///
  /// @param how as `ns-timer-end` says it
  record Ended(String how) implements SchedulerEvent {}

  /// This scheduler fires what is due in a partition.
  ///
  /// @param partition of the delayed topic
  /// @param waiting how many events wait in it
  record Owned(int partition, int waiting) implements SchedulerEvent {
    @Override
    public String toString() {
      return "fires what is due in partition " + partition + ", where " + waiting + " events wait";
    }
  }

  /// Another scheduler does, or will.
  ///
  /// @param partition of the delayed topic
  record Released(int partition) implements SchedulerEvent {
    @Override
    public String toString() {
      return "fires no more in partition " + partition;
    }
  }

  /// Another scheduler took a partition that this one still held.
  ///
  /// @param partition of the delayed topic
  record Fenced(int partition, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "another scheduler fires in partition " + partition + " now: " + reason;
    }
  }

  /// What is due cannot be written; it is tried again and again.
  ///
  /// @param partition of the delayed topic
  record FiringDelayed(int partition, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "what is due in partition " + partition + " cannot be written yet: " + reason;
    }
  }

  /// It can be written again.
  ///
  /// @param partition of the delayed topic
  /// @param after how long it could not
  record FiringGoesOn(int partition, Duration after) implements SchedulerEvent {
    @Override
    public String toString() {
      return "what is due in partition "
          + partition
          + " is written again, after "
          + Durations.text(after);
    }
  }

  /// Kafka will never take what belongs to an event.
  ///
  /// @param partition of the delayed topic
  record Refused(int partition, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "an event of partition " + partition + " cannot be emitted: " + reason;
    }
  }

  /// The delayed topic or the group cannot be followed; it is tried again and again.
  record FollowingDelayed(String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "the delayed topic cannot be followed: " + reason;
    }
  }

  /// Another number of workers is wanted.
  record Scaled(int before, int wanted, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "wanted workers: " + wanted + ", before " + before + ". " + reason;
    }
  }

  /// How many workers are wanted cannot be decided; it is tried again and again.
  record ScalingDelayed(String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "how many workers are wanted cannot be decided yet: " + reason;
    }
  }

  /// It can be decided again.
  record ScalingGoesOn() implements SchedulerEvent {
    @Override
    public String toString() {
      return "how many workers are wanted is decided again";
    }
  }

  /// A canvas's topic was given more partitions.
  record PartitionsAdded(String canvas, int before, int now, String reason)
      implements SchedulerEvent {
    @Override
    public String toString() {
      return "canvas " + canvas + " has " + now + " partitions, before " + before + ". " + reason;
    }
  }

  /// The command that changes the number of workers has ended well.
  record ScaleCommandRan(int workers) implements SchedulerEvent {
    @Override
    public String toString() {
      return "the scale command was run for " + workers + (workers == 1 ? " worker" : " workers");
    }
  }

  /// It has failed; it is tried again.
  record ScaleCommandFailed(int workers, String reason, Duration again) implements SchedulerEvent {
    @Override
    public String toString() {
      return "the scale command failed for "
          + workers
          + (workers == 1 ? " worker: " : " workers: ")
          + reason
          + ". It is tried again in "
          + Durations.text(again);
    }
  }

  /// It can be followed again.
  record FollowingGoesOn() implements SchedulerEvent {
    @Override
    public String toString() {
      return "the delayed topic is followed again";
    }
  }
}
