package dev.nightshift.common;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What failures of transactions mean. Pure.
public final class TransactionErrors {
  private static final String UNEXPECTED_AT_END =
      "Unhandled error in EndTxnResponse: " + Errors.UNKNOWN_SERVER_ERROR.message();

  private TransactionErrors() {}

  /// Whether somebody else writes under the same transactional id since, or is just beginning to.
  ///
  /// A commit that comes while another writer's beginning has just aborted its transaction is
  /// answered with "invalid state": the broker takes it for a commit that was sent again. One that
  /// comes while that beginning waits for the transaction is answered with an unexpected error: the
  /// broker fails ("already a pending state PREPARE_EPOCH_FENCE", seen in 4.3.1).
  public static boolean isOvertaken(Throwable failure) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof ProducerFencedException
          || each instanceof InvalidProducerEpochException
          || each instanceof InvalidTxnStateException
          || each instanceof KafkaException && UNEXPECTED_AT_END.equals(each.getMessage())) {
        return true;
      }
    }
    return false;
  }

  /// Whether Kafka will never take the record, however often it is sent.
  public static boolean isForGood(Throwable failure) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof RecordTooLargeException
          || each instanceof RecordBatchTooLargeException
          || each instanceof InvalidRecordException
          || each instanceof InvalidTimestampException
          || each instanceof PolicyViolationException) {
        return true;
      }
    }
    return false;
  }
}
