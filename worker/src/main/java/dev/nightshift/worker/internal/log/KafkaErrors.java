package dev.nightshift.worker.internal.log;

import dev.nightshift.common.TransactionErrors;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/// What an exception of a Kafka client means. Pure.
final class KafkaErrors {
  private static final String METADATA_TOO_LARGE = Errors.OFFSET_METADATA_TOO_LARGE.message();

  private KafkaErrors() {}

  /// That a record will never be stored, if that is what it says.
  static Optional<Rejected> rejection(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (TransactionErrors.isForGood(each) || each instanceof SerializationException) {
        return Optional.of(Rejected.bad(shown(error)));
      }
      if (each instanceof TopicAuthorizationException forbidden) {
        return Optional.of(new Rejected(shown(error), forbidden.unauthorizedTopics()));
      }
      if (each instanceof InvalidTopicException invalid) {
        return Optional.of(new Rejected(shown(error), invalid.invalidTopics()));
      }
    }
    return Optional.empty();
  }

  /// Whether it may mean that a topic is gone: the clients say so, or just wait in vain.
  static boolean mayBeGone(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof UnknownTopicOrPartitionException) {
        return true;
      }
    }
    return timedOut(error);
  }

  /// Whether it says that time ran out, which is also how a deleted topic shows.
  static boolean timedOut(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /// What to tell the operator, if trying again cannot help.
  static Optional<LogFatalException> fatal(KafkaException error) {
    return advice(error).map(advice -> new LogFatalException(sentence(error) + advice, error));
  }

  /// What to tell the operator of an error that the worker lives with.
  static String told(KafkaException error) {
    return sentence(error) + advice(error).orElse("");
  }

  /// For an error that nobody foresaw.
  static LogFatalException unexpected(KafkaException error) {
    return fatal(error)
        .orElseGet(() ->
            new LogFatalException(
                sentence(error)
                    + "The worker does not know this error of Kafka and cannot read on. Start it"
                    + " again; if that does not help, look at the brokers' logs",
                error));
  }

  private static String sentence(KafkaException error) {
    String shown = shown(error);
    return shown.endsWith(".") ? shown + " " : shown + ". ";
  }

  private static Optional<String> advice(KafkaException error) {
    return switch (error) {
      case TopicAuthorizationException e ->
          Optional.of("Grant the worker READ, WRITE and DESCRIBE on " + e.unauthorizedTopics());
      case GroupAuthorizationException e ->
          Optional.of("Grant the worker READ on the group " + e.groupId());
      case TransactionalIdAuthorizationException e ->
          Optional.of("Grant the worker WRITE and DESCRIBE on its transactional id");
      case ClusterAuthorizationException e ->
          Optional.of("Grant the worker IDEMPOTENT_WRITE on the cluster");
      case AuthorizationException e -> Optional.of("Grant the worker what is missing");
      case AuthenticationException e ->
          Optional.of("Correct the security settings of the worker's Kafka clients");
      case UnsupportedVersionException e ->
          Optional.of("Use brokers 4.0 or newer, or the classic group protocol");
      case InconsistentGroupProtocolException e ->
          Optional.of("Give all workers of the group the same group protocol");
      case GroupMaxSizeReachedException e ->
          Optional.of("Raise the brokers' group.max.size, or run fewer workers in this group");
      case FencedInstanceIdException e ->
          Optional.of("Give each worker a group.instance.id of its own, or none");
      case ConfigException e -> Optional.of("Correct the settings of the worker's Kafka clients");
      // In a transaction it has no type of its own, only the message.
      case KafkaException e when shown(e).contains(METADATA_TOO_LARGE) ->
          Optional.of(
              "Raise the brokers' offset.metadata.max.bytes to "
                  + Committed.METADATA_CHARS_MAX
                  + ", its default, or more");
      default -> Optional.empty();
    };
  }

  static String shown(Throwable error) {
    String message = Optional.ofNullable(error.getMessage()).orElse("no message");
    String name = error.getClass().getSimpleName();
    Throwable cause = error.getCause();
    return cause == null || message.contains(String.valueOf(cause.getMessage()))
        ? name + ": " + message
        : name + ": " + message + ", because of " + shown(cause);
  }
}
