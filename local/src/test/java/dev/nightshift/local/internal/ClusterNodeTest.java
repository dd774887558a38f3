package dev.nightshift.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final List<Integer> PORTS = List.of(4001, 4002, 4003);

  @Test
  void aNodesPropertiesSayWhichItIs() {
    ClusterNode second = new ClusterNode(2, PORTS);
    assertEquals(
        Map.of(
            "node.id",
            "2",
            "controller.quorum.voters",
            "1@127.0.0.1:4001,2@127.0.0.1:4002,3@127.0.0.1:4003"),
        second.properties());
    assertEquals(Optional.of(second), ClusterNode.of(second.properties()));
    assertEquals(4002, second.controllerPort());
    assertEquals(Optional.empty(), ClusterNode.of(Map.of("num.io.threads", "4")));
  }

  @Test
  void allNodesOfAKafkaHaveItsIdAndNoOtherHas() {
    assertEquals(new ClusterNode(1, PORTS).clusterId(), new ClusterNode(3, PORTS).clusterId());
    assertNotEquals(
        new ClusterNode(1, PORTS).clusterId(),
        new ClusterNode(1, List.of(4001, 4002, 4004)).clusterId());
  }

  @Test
  void aNodeThatThereIsNotIsRefused() {
    var refused = assertThrows(IllegalArgumentException.class, () -> new ClusterNode(4, PORTS));
    assertEquals("there is no node 4: there are 1 to 3", refused.getMessage());
  }
}
