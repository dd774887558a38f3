package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TransactionErrorsTest {
  @Test
  void who_commits_while_another_begins_is_overtaken_whatever_the_broker_calls_it() {
    assertTrue(TransactionErrors.isOvertaken(new ProducerFencedException("fenced")));
    assertTrue(TransactionErrors.isOvertaken(new KafkaException(new ProducerFencedException("f"))));
    assertTrue(
        TransactionErrors.isOvertaken(
            new KafkaException(
                "Unhandled error in EndTxnResponse: The server experienced an unexpected error when"
                    + " processing the request.")));
    assertFalse(TransactionErrors.isOvertaken(new TimeoutException("late")));
    assertFalse(
        TransactionErrors.isOvertaken(
            new KafkaException("Unhandled error in EndTxnResponse: it is too late")));
  }

  @Test
  void a_record_that_is_too_large_stays_so() {
    assertTrue(TransactionErrors.isForGood(new KafkaException(new RecordTooLargeException("9"))));
    assertFalse(TransactionErrors.isForGood(new TimeoutException("late")));
  }
}
