package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

final class KafkaErrorsTest {
  @Test
  void aBadRecordIsNamedWhereverItHides() {
    KafkaException hidden =
        new KafkaException("in an error state", new RecordTooLargeException("5 bytes too many"));
    assertEquals(
        Optional.of(
            Rejected.bad(
                "KafkaException: in an error state, because of RecordTooLargeException: 5 bytes too"
                    + " many")),
        KafkaErrors.rejection(hidden));
    assertEquals(
        Optional.of(Set.of("events.a")),
        KafkaErrors.rejection(new TopicAuthorizationException(Set.of("events.a")))
            .map(Rejected::topics));
  }

  @Test
  void whatMayPassRejectsNothing() {
    assertEquals(Optional.empty(), KafkaErrors.rejection(new TimeoutException("slow")));
    assertEquals(Optional.empty(), KafkaErrors.rejection(new ProducerFencedException("fenced")));
    assertEquals(Optional.empty(), KafkaErrors.fatal(new NotLeaderOrFollowerException("moved")));
    assertEquals(Optional.empty(), KafkaErrors.fatal(new ProducerFencedException("fenced")));
  }

  @Test
  void whatMayMeanAMissingTopicIsFoundWhereverItHides() {
    assertTrue(KafkaErrors.mayBeGone(new KafkaException("x", new TimeoutException("slow"))));
    assertTrue(
        KafkaErrors.mayBeGone(new KafkaException("x", new UnknownTopicOrPartitionException("y"))));
    assertFalse(KafkaErrors.mayBeGone(new ProducerFencedException("fenced")));
  }

  @Test
  void missingRightsAreNamed() {
    assertEquals(
        "GroupAuthorizationException: Not authorized to access group: nightshift.workers. Grant the"
            + " worker READ on the group nightshift.workers",
        message(GroupAuthorizationException.forGroupId("nightshift.workers")));
    assertEquals(
        "TopicAuthorizationException: Not authorized to access topics: [nightshift.retry]. Grant"
            + " the worker READ, WRITE and DESCRIBE on [nightshift.retry]",
        message(new TopicAuthorizationException(Set.of("nightshift.retry"))));
  }

  @Test
  void whatNobodyForesawIsSaidToBeThat() {
    assertEquals(
        "KafkaException: odd. The worker does not know this error of Kafka and cannot read on."
            + " Start it again; if that does not help, look at the brokers' logs",
        KafkaErrors.unexpected(new KafkaException("odd")).getMessage());
  }

  private static String message(KafkaException error) {
    return KafkaErrors.fatal(error).map(String::valueOf).orElse("").replaceFirst("^[^:]*: ", "");
  }
}
