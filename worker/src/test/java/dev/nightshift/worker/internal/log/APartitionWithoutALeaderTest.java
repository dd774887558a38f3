package dev.nightshift.worker.internal.log;

import dev.nightshift.local.LocalKafkaCluster;
import dev.nightshift.worker.internal.log.KafkaLogSettings.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Three brokers, one of which is down and has the only copy of a partition.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class APartitionWithoutALeaderTest extends ContractSteps {
  private static final int DOWN = 3;

  private LocalKafkaCluster kafka;

  @BeforeAll
  void startKafka() {
    kafka = LocalKafkaCluster.start(3);
  }

  @AfterAll
  void stopKafka() {
    kafka.close();
  }

  @Override
  LogFixture open() {
    return new KafkaFixture(kafka.bootstrapServers(), Protocol.CLASSIC);
  }

  @Test
  void keepsNoOtherFromBeingReadAndIsReadOnceItHasOne() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(events, Map.of(0, List.of(1, 2), 1, List.of(2, 1))),
                  new NewTopic(retry, Map.of(0, List.of(DOWN)))))
          .all()
          .get();
    }
    emit(first, "one");
    kafka.kill(DOWN);
    Member a = join("a");
    until(() -> a.values().equals(List.of("one")), a);
    emit(second, "two");
    until(() -> a.values().equals(List.of("one", "two")), a);
    until(() -> a.owned.keySet().equals(Set.of(first, second)), a);
    kafka.restart(DOWN);
    until(() -> a.owned.containsKey(later), a);
  }
}
