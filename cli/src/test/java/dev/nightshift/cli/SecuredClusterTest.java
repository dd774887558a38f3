package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.Worker;
import dev.nightshift.worker.WorkerSettings;
import dev.nightshift.worker.events.WorkerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A broker that wants a name and a password (SASL).
@Timeout(120)
class SecuredClusterTest {
  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  private static LocalKafka kafka;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka =
        LocalKafka.start(
            LocalKafka.Settings.defaults()
                .with(
                    "listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT")
                .with("sasl.enabled.mechanisms", "PLAIN")
                .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .with(
                    "listener.name.client.plain.sasl.jaas.config",
                    LOGIN + login("kafka", "k") + " user_kafka=\"k\" user_ann=\"secret\";"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void commands_and_workers_log_in_with_what_the_file_says() throws Exception {
    String file = "--command-config=" + file("secret");
    assertEquals(0, run("init", "--replication=1", file).exitCode());
    assertEquals(new Said(0, "shop\n", ""), run("canvas", "create", "shop", "-o", "name", file));
    assertEquals(0, run("event", "emit", "shop/mail", "1", file).exitCode());

    CountDownLatch assigned = new CountDownLatch(1);
    try (Worker worker =
        Worker.start(
            settings("secret"),
            event -> {
              if (event instanceof WorkerEvent.Assigned) {
                assigned.countDown();
              }
            })) {
      Thread loop = Thread.ofPlatform().start(worker::run);
      assigned.await();
      worker.drain();
      loop.join();
    }
    Said doctor = run("doctor", file);
    assertTrue(doctor.out().contains("  workers: none"), doctor.out());
    assertTrue(
        doctor
            .out()
            .contains("ok       rights of this login: all that this command and operators need"),
        doctor.out());
  }

  @Test
  void a_wrong_password_is_refused_and_not_shown() throws Exception {
    Said said = run("canvas", "list", "--command-config=" + file("wr0ng"));
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: cannot read the control topic nightshift.control: Kafka at "
                + kafka.bootstrapServers()
                + " does not know this client (SaslAuthenticationException: Authentication failed:"
                + " Invalid username or password). Check the TLS and SASL settings of the client"
                + " configuration\n"),
        new Said(said.exitCode(), said.out(), own(said.err())));
  }

  // Kafka's clients log only in the tests' process.
  private static String own(String err) {
    return err.lines()
        .filter(line -> line.startsWith("nightshift: "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private WorkerSettings settings(String password) {
    Map<String, Object> client = new HashMap<>(clients(password));
    client.put("bootstrap.servers", kafka.bootstrapServers());
    return new WorkerSettings(
        client,
        TopicPlan.standard(),
        "w",
        folder,
        true,
        10,
        Duration.ofSeconds(5),
        WorkerSettings.RETRY_DELAYS,
        OptionalInt.of(1),
        TraceLevel.ON);
  }

  private Path file(String password) throws IOException {
    StringBuilder text = new StringBuilder();
    clients(password)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return Files.writeString(folder.resolve("client.properties"), text.toString());
  }

  private static Map<String, String> clients(String password) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        LOGIN + login("ann", password) + ";");
  }

  private static String login(String name, String password) {
    return "username=\"" + name + "\" password=\"" + password + "\"";
  }

  private static Said run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--bootstrap-server=" + kafka.bootstrapServers();
    return Said.by(all);
  }
}
