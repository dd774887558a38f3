package dev.nightshift.local.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/// Which node of a Kafka one is, and which others there are: each is broker and controller. Pure.
///
/// @param id its own, from 1
/// @param controllerPorts of all nodes, that of node 1 first
public record ClusterNode(int id, List<Integer> controllerPorts) {
  private static final String ID = "node.id";
  private static final String VOTERS = "controller.quorum.voters";

  /// Copies what it is given.
  ///
  /// @throws IllegalArgumentException if there is no such node
  public ClusterNode {
    controllerPorts = List.copyOf(controllerPorts);
    if (id < 1 || id > controllerPorts.size()) {
      throw new IllegalArgumentException(
          "there is no node " + id + ": there are 1 to " + controllerPorts.size());
    }
  }

  static ClusterNode alone(int controllerPort) {
    return new ClusterNode(1, List.of(controllerPort));
  }

  /// What a node's properties say; empty if they do not speak of it.
  static Optional<ClusterNode> of(Map<String, String> properties) {
    String voters = properties.get(VOTERS);
    return voters == null
        ? Optional.empty()
        : Optional.of(
            new ClusterNode(
                Integer.parseInt(properties.getOrDefault(ID, "1")),
                Arrays.stream(voters.split(","))
                    .map(voter -> Integer.valueOf(voter.substring(voter.lastIndexOf(':') + 1)))
                    .toList()));
  }

  /// As Kafka's properties say it.
  public Map<String, String> properties() {
    return Map.of(ID, String.valueOf(id), VOTERS, voters());
  }

  /// Where its controller listens.
  int controllerPort() {
    return controllerPorts.get(id - 1);
  }

  /// The same for all nodes of a Kafka, and another for each Kafka that runs at the same time.
  String clusterId() {
    UUID named = UUID.nameUUIDFromBytes(voters().getBytes(UTF_8));
    return new Uuid(named.getMostSignificantBits(), named.getLeastSignificantBits()).toString();
  }

  private String voters() {
    return IntStream.rangeClosed(1, controllerPorts.size())
        .mapToObj(node -> node + "@" + HeldPort.HOST + ":" + controllerPorts.get(node - 1))
        .collect(Collectors.joining(","));
  }
}
