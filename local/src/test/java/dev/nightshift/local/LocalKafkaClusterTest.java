package dev.nightshift.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LocalKafkaClusterTest {
  private static final String TOPIC = "kept";

  @Test
  void whatWasAcknowledgedOutlivesTheNodeThatLedIt() throws Exception {
    try (LocalKafkaCluster cluster = LocalKafkaCluster.start(3);
        Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
          .all()
          .get();
      Clients.produce(cluster.bootstrapServers(), TOPIC, "a");
      int leader = leader(admin);
      cluster.kill(leader);
      Clients.produce(cluster.bootstrapServers(), TOPIC, "b");
      cluster.restart(leader);
      Clients.produce(cluster.bootstrapServers(), TOPIC, "c");
      assertEquals(
          List.of("a", "b", "c"), Clients.consume(cluster.bootstrapServers(), TOPIC, "classic", 3));
    }
  }

  private static int leader(Admin admin) throws Exception {
    var topic = admin.describeTopics(List.of(TOPIC)).topicNameValues().get(TOPIC);
    return Objects.requireNonNull(topic).get().partitions().get(0).leader().id();
  }

  @Test
  void ofTwoNodesNoneMayDie() {
    var refused = assertThrows(IllegalArgumentException.class, () -> LocalKafkaCluster.start(2));
    assertEquals("2 nodes are not allowed: at least 3, as one may die", refused.getMessage());
  }
}
