package dev.nightshift.bench.stage;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/// Who is in a group. For one thread.
public final class Members {
  private static final Duration AT_MOST = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = 20_000_000;

  private final Admin admin;
  private final String group;

  /// Of this group.
  public Members(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /// Waits until so many members share the partitions, and each has some.
  public void await(int members) {
    await(members + " members of " + group, () -> shared(members));
  }

  private boolean shared(int members) {
    ConsumerGroupDescription found = describe();
    return found.groupState() == GroupState.STABLE
        && found.members().size() == members
        && found.members().stream()
            .noneMatch(member -> member.assignment().topicPartitions().isEmpty());
  }

  /// What a member reads.
  public Set<TopicPartition> partitions(String clientId) {
    Set<TopicPartition> partitions = new HashSet<>();
    describe().members().stream()
        .filter(member -> member.clientId().equals(clientId))
        .forEach(member -> partitions.addAll(member.assignment().topicPartitions()));
    return partitions;
  }

  private ConsumerGroupDescription describe() {
    try {
      return admin.describeConsumerGroups(List.of(group)).describedGroups().values().stream()
          .findFirst()
          .orElseThrow()
          .get();
    } catch (ExecutionException e) {
      throw new NotYetException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class NotYetException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotYetException(Throwable cause) {
      super("there is no such group", cause);
    }
  }

  /// Waits until something holds, asking again and again.
  ///
  /// @throws IllegalStateException if it does not within two minutes
  public static void await(String what, BooleanSupplier holds) {
    await(what, AT_MOST, holds);
  }

  /// The same, with a bound of its own.
  public static void await(String what, Duration max, BooleanSupplier holds) {
    long until = System.nanoTime() + max.toNanos();
    while (!holdsNow(holds)) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("not within " + max.toMinutes() + " min: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static boolean holdsNow(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (NotYetException e) {
      return false;
    }
  }
}
