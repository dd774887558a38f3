package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.log.KafkaLogSettings.Protocol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KafkaLogSettingsTest {
  @Test
  void whatIsTunedCanBeTunedOtherwise() {
    KafkaLogSettings settings =
        settings(Protocol.CLASSIC, Map.of("max.poll.records", "7", "linger.ms", "9"));
    assertEquals("7", settings.consumer().get("max.poll.records"));
    assertEquals("9", settings.producer().get("linger.ms"));
    assertFalse(settings.consumer().containsKey("linger.ms"));
    assertFalse(settings.admin().containsKey("linger.ms"));
  }

  @Test
  void whatAPluginReadsReachesEachClient() {
    KafkaLogSettings settings =
        settings(Protocol.CLASSIC, Map.of("sasl.mechanism", "PLAIN", "my.plugin.key", "value"));
    for (Map<String, Object> client :
        List.of(settings.consumer(), settings.producer(), settings.admin())) {
      assertEquals("PLAIN", client.get("sasl.mechanism"));
      assertEquals("value", client.get("my.plugin.key"));
    }
  }

  @Test
  void whatThePromisesDependOnCannot() {
    Map<String, Object> wrong =
        Map.of(
            "isolation.level", "read_uncommitted",
            "enable.auto.commit", "true",
            "auto.offset.reset", "latest",
            "acks", "1",
            "transactional.id", "another",
            "group.id", "another",
            "client.id", "another");
    KafkaLogSettings settings = settings(Protocol.CLASSIC, wrong);
    assertEquals("read_committed", settings.consumer().get("isolation.level"));
    assertEquals(false, settings.consumer().get("enable.auto.commit"));
    assertEquals("earliest", settings.consumer().get("auto.offset.reset"));
    assertEquals("all", settings.producer().get("acks"));
    assertEquals("nightshift.worker.w1", settings.producer().get("transactional.id"));
    assertEquals("nightshift.workers", settings.consumer().get("group.id"));
    assertEquals("w1", settings.consumer().get("client.id"));
  }

  @Test
  void theNewerProtocolLeavesToTheBrokersWhatIsTheirs() {
    Map<String, Object> classic = settings(Protocol.CLASSIC, Map.of()).consumer();
    assertEquals(6_000, classic.get("session.timeout.ms"));
    assertEquals("classic", classic.get("group.protocol"));
    Map<String, Object> newer = settings(Protocol.CONSUMER, Map.of()).consumer();
    assertEquals("consumer", newer.get("group.protocol"));
    assertFalse(newer.containsKey("session.timeout.ms"));
    assertFalse(newer.containsKey("heartbeat.interval.ms"));
    assertFalse(newer.containsKey("partition.assignment.strategy"));
  }

  private static KafkaLogSettings settings(Protocol protocol, Map<String, Object> client) {
    TopicPlan plan = TopicPlan.standard();
    return new KafkaLogSettings(client, plan, plan.workersGroup(), "w1", protocol);
  }
}
