package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;

/// A broker for the tests of a class, and the fleets on it: each test takes a prefix of its own.
/// Their clock stands still.
final class FleetBroker implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final Cause ADA = new Cause("ada", "new shop");

  private final LocalKafka kafka = LocalKafka.start();
  private final Admin admin = Admin.create(client(kafka));

  Fleet fleet(String prefix) {
    return Fleet.of(
        client(), new TopicPlan(prefix), Duration.ofSeconds(20), InstantSource.fixed(NOW));
  }

  static Canvas create(Fleet fleet, String name) {
    return fleet.createCanvas(name, 1, OptionalInt.of(1), ADA).after();
  }

  Admin admin() {
    return admin;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  Map<String, Object> client() {
    return client(kafka);
  }

  static Map<String, Object> client(LocalKafka of) {
    return Map.of("bootstrap.servers", of.bootstrapServers());
  }

  Set<String> topicsOf(String prefix) throws Exception {
    Set<String> names = new TreeSet<>(admin.listTopics().names().get());
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "it did not come to be within 20 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
  }
}
