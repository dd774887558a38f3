package dev.nightshift.emitter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class SendFailuresTest {
  @Test
  void what_may_be_stored_is_not_called_refused() {
    for (Exception doubtful :
        List.of(
            new TimeoutException("why"),
            new NetworkException("why"),
            new OutOfOrderSequenceException("why"),
            new NotEnoughReplicasAfterAppendException("why"),
            new NotEnoughReplicasException("why"))) {
      EmitException told = SendFailures.unconfirmed("e1", "t", doubtful);
      assertInstanceOf(EmitException.NotConfirmed.class, told);
      assertEquals(
          "Kafka did not confirm event e1 ("
              + doubtful.getClass().getSimpleName()
              + ": why). It may or may not be stored: emit it again with the same id",
          told.getMessage());
    }
  }

  @Test
  void a_refusal_says_what_to_do() {
    refused(
        new ClusterAuthorizationException("why"),
        "Grant this client's principal the right to write there, or use another principal");
    refused(
        new SaslAuthenticationException("why"),
        "Check the TLS and SASL settings of the client configuration");
    refused(
        new UnknownTopicOrPartitionException("why"),
        "The canvas's topic is gone; see: nightshift canvas list");
    for (Exception other :
        List.of(
            new InvalidTopicException("why"),
            new InvalidRecordException("why"),
            new PolicyViolationException("why"))) {
      refused(other, "Check the settings of the topic and the brokers' policies");
    }
  }

  private static void refused(Exception failure, String next) {
    for (EmitException told :
        List.of(
            SendFailures.unconfirmed("e1", "t", failure),
            SendFailures.unsent("e1", "t", "host:1", failure))) {
      assertInstanceOf(EmitException.Refused.class, told);
      assertEquals(
          "Kafka refuses event e1 for topic t ("
              + failure.getClass().getSimpleName()
              + ": why). "
              + next
              + ". Nothing was stored",
          told.getMessage());
    }
  }

  @Test
  void what_was_never_sent_is_not_stored() {
    EmitException away =
        SendFailures.unsent("e1", "t", "host:1", new TimeoutException("no metadata"));
    assertInstanceOf(EmitException.Unreachable.class, away);
    assertEquals(
        "event e1 was not sent to host:1 (TimeoutException: no metadata). Nothing was stored; check"
            + " the brokers and emit it again",
        away.getMessage());
    EmitException full = SendFailures.unsent("e1", "t", "h", new BufferExhaustedException("full"));
    assertInstanceOf(EmitException.BufferFull.class, full);
    assertEquals(
        "Kafka's client has no room for event e1 (BufferExhaustedException: full): emit more slowly."
            + " Nothing was stored",
        full.getMessage());
    assertInstanceOf(
        EmitException.PayloadTooLarge.class,
        SendFailures.unsent("e1", "t", "h", new RecordTooLargeException("large")));
  }
}
