package dev.nightshift.scheduler.events;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Flag;
import dev.nightshift.common.TopicProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /// A topic that events go to cannot be written: what is due there waits and is tried again and
  /// again. What goes to others is emitted.
  ///
  /// @param partition of the delayed topic
  record TopicRests(int partition, String topic, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return "what is due in partition "
          + partition
          + " for topic "
          + topic
          + " cannot be written yet, and waits; other topics get theirs: "
          + reason;
    }
  }

  /// It can be written again, or nothing waits for it any more.
  ///
  /// @param partition of the delayed topic
  /// @param after how long it could not
  record TopicGoesOn(int partition, String topic, Duration after) implements SchedulerEvent {
    @Override
    public String toString() {
      return "topic "
          + topic
          + " is no trouble for partition "
          + partition
          + " any more, after "
          + Durations.text(after);
    }
  }

  /// Kafka will never take what is to be written of an event: it ends otherwise, as its dead letter
  /// or its trace says.
  ///
  /// @param partition of the delayed topic
  /// @param what the event's canvas and id, or the cron
  record Refused(int partition, String what, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return what
          + " (partition "
          + partition
          + ") cannot be written as it is, and ends otherwise: "
          + reason;
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

  /// It was not; it is tried again.
  record PartitionsNotAdded(String canvas, int wanted, String reason, Duration again)
      implements SchedulerEvent {
    @Override
    public String toString() {
      return "canvas "
          + canvas
          + " cannot be given "
          + wanted
          + " partitions, which its backlog needs: "
          + reason
          + ". It is tried again after "
          + Durations.text(again)
          + "; --partitions-max 0 gives none";
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

  /// What is settled was removed from the log.
  ///
  /// @param partitions in how many of event, lane and retry topics there was something
  /// @param took all of it, with the questions before
  record Trimmed(int partitions, Duration took) implements SchedulerEvent {
    @Override
    public String toString() {
      return "trimmed " + partitions + " partitions within " + Durations.text(took);
    }
  }

  /// Kafka does not let a topic be trimmed; it is tried again and again, and the others are
  /// trimmed.
  record TrimRefused(String topic, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return reason
          + ". What has ended stays in "
          + topic
          + " and takes disk; other topics are trimmed, and this one is tried again and again. It"
          + " must have cleanup.policy=delete, and this scheduler needs the right Delete on it";
    }
  }

  /// A topic can be trimmed again, or is not read any more.
  record TrimGoesOn(String topic) implements SchedulerEvent {
    @Override
    public String toString() {
      return "topic " + topic + " is trimmed again, or gone";
    }
  }

  /// A flag whose end has passed was lifted.
  record FlagTidied(Flag flag) implements SchedulerEvent {
    @Override
    public String toString() {
      return "lifted a flag whose end has passed: " + flag.scope() + " was " + flag.text();
    }
  }

  /// What was stored of crons was taken away, as their canvases were deleted.
  record CronsTidied(int crons) implements SchedulerEvent {
    @Override
    public String toString() {
      return "took away what was stored of "
          + crons
          + (crons == 1 ? " cron" : " crons")
          + " of deleted canvases";
    }
  }

  /// A topic of the fleet has come to be set so that something would be lost. Said at each look.
  ///
  /// @param left how long the oldest event that waits there is safe; empty if none waits, or that
  ///   cannot be said
  /// @param isNew whether it was not so at the look before
  /// @param connection the options of Kafka's own commands that say which cluster
  record TopicUnsafe(
      TopicProblem problem, Optional<Duration> left, boolean isNew, String connection)
      implements SchedulerEvent {
    @Override
    public String toString() {
      return problem.text(connection)
          + ". Schedulers with --repair-retention do so by themselves"
          + left.map(time -> ". " + TopicProblem.removal(time)).orElse("");
    }
  }

  /// A topic is set as it must be again, or gone.
  record TopicSafe(String topic) implements SchedulerEvent {
    @Override
    public String toString() {
      return "topic " + topic + " is set as it must be again, or gone";
    }
  }

  /// A topic was set so that something would have been lost, and was set right.
  record TopicRepaired(TopicProblem problem) implements SchedulerEvent {
    @Override
    public String toString() {
      return "topic "
          + problem.topic()
          + " was set right: "
          + problem.seen().entrySet().stream()
              .map(each ->
                  each.getKey()
                      + " was "
                      + each.getValue()
                      + " and is "
                      + problem.wanted().get(each.getKey()))
              .collect(Collectors.joining("; "));
    }
  }

  /// Something that this scheduler does for the fleet cannot be done; it is tried again and again.
  ///
  /// @param what such as `trimming`
  record UpkeepDelayed(String what, String reason) implements SchedulerEvent {
    @Override
    public String toString() {
      return what + " is delayed: " + reason;
    }
  }

  /// It can be done again.
  ///
  /// @param what such as `trimming`
  record UpkeepGoesOn(String what) implements SchedulerEvent {
    @Override
    public String toString() {
      return what + " goes on";
    }
  }
}
