package dev.nightshift.local.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The configuration of one node of a Kafka. Pure.
public final class BrokerConfig {
  static final String CLIENT_LISTENER = "CLIENT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private BrokerConfig() {}

  /// Everything that Kafka is told; `overrides` win.
  static Map<String, String> of(
      Path logDirectory, int port, ClusterNode itself, Map<String, String> overrides) {
    Map<String, String> config = new TreeMap<>(itself.properties());
    node(config, logDirectory, port, itself.controllerPort());
    config.putAll(behaviour(overrides));
    return config;
  }

  /// All but who the node is, where it listens and where it writes; `overrides` win.
  public static Map<String, String> behaviour(Map<String, String> overrides) {
    Map<String, String> config = new TreeMap<>();
    life(config);
    oneReplica(config);
    groups(config);
    transactions(config);
    small(config);
    config.putAll(overrides);
    return config;
  }

  private static void node(Map<String, String> config, Path logDirectory, int port, int ctrl) {
    String host = HeldPort.HOST;
    String client = CLIENT_LISTENER + "://" + host + ":" + port;
    config.put("process.roles", "broker,controller");
    config.put("listeners", client + "," + CONTROLLER_LISTENER + "://" + host + ":" + ctrl);
    config.put("advertised.listeners", client);
    config.put("inter.broker.listener.name", CLIENT_LISTENER);
    config.put("controller.listener.names", CONTROLLER_LISTENER);
    config.put(
        "listener.security.protocol.map",
        CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    config.put("log.dirs", logDirectory.toString());
  }

  private static void life(Map<String, String> config) {
    // A broker that was killed is taken for alive, and its next start refused, for this long.
    config.put("broker.session.timeout.ms", "2000");
    config.put("broker.heartbeat.interval.ms", "200");
    // Topics are made on purpose: a typing error must not make one.
    config.put("auto.create.topics.enable", "false");
  }

  private static void oneReplica(Map<String, String> config) {
    config.put("num.partitions", "1");
    config.put("default.replication.factor", "1");
    config.put("min.insync.replicas", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("offsets.topic.replication.factor", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
  }

  private static void groups(Map<String, String> config) {
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("group.min.session.timeout.ms", "100");
    // In the newer protocol the broker chooses: a lost member is noticed after six seconds.
    config.put("group.consumer.session.timeout.ms", "6000");
    config.put("group.consumer.min.session.timeout.ms", "100");
    config.put("group.consumer.heartbeat.interval.ms", "1000");
    config.put("group.consumer.min.heartbeat.interval.ms", "50");
    config.put("group.consumer.assignment.interval.ms", "0");
    // With the offsets of an idle group its ledgers would go; a laptop may rest for a year.
    config.put("offsets.retention.minutes", "525600");
  }

  private static void transactions(Map<String, String> config) {
    // Transactions in a row wait for this one while the markers of the first are written.
    config.put("add.partitions.to.txn.retry.backoff.ms", "2");
    config.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
  }

  private static void small(Map<String, String> config) {
    config.put("log.segment.bytes", String.valueOf(32 << 20));
    config.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    config.put("log.segment.delete.delay.ms", "1000");
    config.put("log.retention.check.interval.ms", "10000");
    config.put("offsets.topic.segment.bytes", String.valueOf(16 << 20));
    config.put("transaction.state.log.segment.bytes", String.valueOf(16 << 20));
    config.put("log.cleaner.dedupe.buffer.size", String.valueOf(2 << 20));
    config.put("num.network.threads", "2");
    config.put("num.io.threads", "4");
    config.put("num.recovery.threads.per.data.dir", "1");
    config.put("background.threads", "2");
    config.put("group.coordinator.threads", "1");
    config.put("group.coordinator.background.threads", "1");
    // Several brokers of one JVM would fight for the same JMX names.
    config.put("metric.reporters", "");
  }
}
