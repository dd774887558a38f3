package dev.nightshift.emitter;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/// What it means for an event when Kafka's producer fails: whether it may be stored, and whether it
/// helps to emit it again. Pure; safe for use by many threads.
final class SendFailures {
  private SendFailures() {}

  /// Of an event that was not given to the producer's sender: it is not stored, whatever happened.
  ///
  /// @param cluster its address, for the message
  static EmitException unsent(String id, String topic, String cluster, Exception failure) {
    if (failure instanceof BufferExhaustedException) {
      return new EmitException.BufferFull(
          "Kafka's client has no room for event "
              + id
              + " ("
              + said(failure)
              + "): emit more slowly. Nothing was stored");
    }
    if (isRefusal(failure)) {
      return refused(id, topic, failure);
    }
    return new EmitException.Unreachable(
        "event "
            + id
            + " was not sent to "
            + cluster
            + " ("
            + said(failure)
            + "). Nothing was stored; check the brokers and emit it again",
        failure);
  }

  /// Of an event that was sent, perhaps more than once.
  static EmitException unconfirmed(String id, String topic, Exception failure) {
    return isRefusal(failure)
        ? refused(id, topic, failure)
        : new EmitException.NotConfirmed(
            "Kafka did not confirm event "
                + id
                + " ("
                + said(failure)
                + "). It may or may not be stored: emit it again with the same id",
            failure);
  }

  private static boolean isRefusal(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof AuthorizationException
        || failure instanceof AuthenticationException
        || failure instanceof UnknownTopicOrPartitionException
        || failure instanceof InvalidTopicException
        || failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException
        || failure instanceof UnsupportedForMessageFormatException
        || failure instanceof PolicyViolationException;
  }

  private static EmitException refused(String id, String topic, Exception failure) {
    String refused =
        "Kafka refuses event " + id + " for topic " + topic + " (" + said(failure) + "). ";
    String message = refused + next(failure) + ". Nothing was stored";
    return failure instanceof RecordTooLargeException
        ? new EmitException.PayloadTooLarge(message)
        : new EmitException.Refused(message, failure);
  }

  private static String next(Exception failure) {
    if (failure instanceof RecordTooLargeException) {
      return "Store large data elsewhere and emit where it is, or raise the topic's"
          + " max.message.bytes and this client's max.request.size";
    }
    if (failure instanceof AuthorizationException) {
      return "Grant this client's principal the right to write there, or use another principal";
    }
    if (failure instanceof AuthenticationException) {
      return "Check the TLS and SASL settings of the client configuration";
    }
    return failure instanceof UnknownTopicOrPartitionException
        ? "The canvas's topic is gone; see: nightshift canvas list"
        : "Check the settings of the topic and the brokers' policies";
  }

  private static String said(Exception failure) {
    String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message.strip());
  }
}
