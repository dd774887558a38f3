package dev.nightshift.common;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Makes the settings of one Kafka client out of the settings that a process gives for all of its
/// clients: addresses, TLS, SASL. A setting that only another kind of client knows is left out, so
/// nothing warns about it; one that no client knows stays, since a plugin may read it. Pure; safe
/// for use by many threads.
public final class ClientConfig {
  private static final Set<String> CONSUMER = ConsumerConfig.configNames();
  private static final Set<String> PRODUCER = ProducerConfig.configNames();
  private static final Set<String> ADMIN = AdminClientConfig.configNames();

  private ClientConfig() {}

  /// The settings of a consumer.
  ///
  /// @param given for all clients
  /// @param ours what this client must have; beats what is given
  public static Map<String, Object> consumer(Map<String, Object> given, Map<String, ?> ours) {
    return merged(given, ours, CONSUMER);
  }

  /// The settings of a producer; see [#consumer].
  public static Map<String, Object> producer(Map<String, Object> given, Map<String, ?> ours) {
    return merged(given, ours, PRODUCER);
  }

  /// The settings of an admin client; see [#consumer].
  public static Map<String, Object> admin(Map<String, Object> given, Map<String, ?> ours) {
    return merged(given, ours, ADMIN);
  }

  private static Map<String, Object> merged(
      Map<String, Object> given, Map<String, ?> ours, Set<String> known) {
    Set<String> foreign = new HashSet<>(CONSUMER);
    foreign.addAll(PRODUCER);
    foreign.addAll(ADMIN);
    foreign.removeAll(known);
    Map<String, Object> merged = new HashMap<>(given);
    merged.keySet().removeAll(foreign);
    merged.putAll(ours);
    return merged;
  }
}
