package dev.nightshift.worker.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ConnectionTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Map<String, Object>> knocked = new ArrayList<>();

  @Command(name = "any")
  private static final class Any {
    @Mixin private final Connection connection;

    Any(Connection connection) {
      this.connection = connection;
    }
  }

  @Test
  void a_flag_beats_the_environment_which_beats_the_file() throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(file, "bootstrap.servers=file:1\nsecurity.protocol=SSL\nclient.id=file\n");
    environment.put("NIGHTSHIFT_COMMAND_CONFIG", file.toString());
    assertEquals("file:1", connection().client().get("bootstrap.servers"));

    environment.put("NIGHTSHIFT_BOOTSTRAP_SERVER", "environment:1");
    assertEquals("environment:1", connection().client().get("bootstrap.servers"));

    String property = "--command-property=bootstrap.servers=property:1";
    assertEquals("property:1", connection(property).client().get("bootstrap.servers"));

    assertEquals(
        "--bootstrap-server property:1 --command-config " + file,
        connection(property, "--command-property=sasl.jaas.config=secret").ownOptions());

    Map<String, Object> all =
        connection(property, "--bootstrap-server=flag:1", "--command-property=client.id=flag")
            .client();
    assertEquals(
        Map.of("bootstrap.servers", "flag:1", "security.protocol", "SSL", "client.id", "flag"),
        all);
  }

  @Test
  void a_file_of_the_users_own_stands_for_all_commands() throws IOException {
    Path home = Files.createDirectories(folder.resolve("nightshift"));
    Path file = home.resolve("config.properties");
    environment.put("XDG_CONFIG_HOME", folder.toString());
    assertWrong(
        "which cluster? Say --bootstrap-server HOST:PORT, or set NIGHTSHIFT_BOOTSTRAP_SERVER",
        connection()::client);
    Files.writeString(
        file, "bootstrap-server=file:1\ntopic-prefix=blue.\nkafka.client.id=me\nconcurrency=5\n");
    assertEquals(Map.of("bootstrap.servers", "file:1", "client.id", "me"), connection().client());
    assertEquals("blue.", connection().plan().prefix());
    assertEquals("--bootstrap-server file:1", connection().kafkaOptions());
    assertEquals("--bootstrap-server file:1 --topic-prefix blue.", connection().ownOptions());

    Path named = Files.writeString(folder.resolve("named"), "bootstrap-server=named:1\n");
    environment.put("NIGHTSHIFT_CONFIG", named.toString());
    assertEquals(Map.of("bootstrap.servers", "named:1"), connection().client());
    environment.put("NIGHTSHIFT_BOOTSTRAP_SERVER", "environment:1");
    assertEquals(Map.of("bootstrap.servers", "environment:1"), connection().client());
    assertEquals(
        Map.of("bootstrap.servers", "flag:1"), connection("--bootstrap-server=flag:1").client());
  }

  @Test
  void a_mistyped_key_of_that_file_is_refused_with_the_nearest() throws IOException {
    Path named = Files.writeString(folder.resolve("named"), "bootstrap-servers=named:1\n");
    environment.put("NIGHTSHIFT_CONFIG", named.toString());
    assertWrong(
        "there is no key bootstrap-servers in " + named + "; did you mean bootstrap-server?",
        connection()::client);
    environment.put("NIGHTSHIFT_CONFIG", named + "x");
    assertWrong("file '" + named + "x' with the settings does not exist", connection()::client);
  }

  @Test
  void who_wants_to_be_over_soon_knocks_once() {
    Connection connection = connection("--bootstrap-server=flag:1");
    connection.client(Map.of());
    connection.ownOptions();
    assertEquals(List.of(), knocked);
    connection.client();
    connection.client();
    assertEquals(List.of(Map.of("bootstrap.servers", "flag:1")), knocked);
  }

  @Test
  void several_servers_and_addresses_are_allowed() {
    for (String servers : List.of("a:1,b:2", "a:1, b:2", "[::1]:9092", "SSL://a:1")) {
      assertEquals(
          servers, connection("--bootstrap-server=" + servers).client().get("bootstrap.servers"));
    }
  }

  @Test
  void the_topics_begin_as_the_flag_says_or_the_environment_or_as_usual() {
    assertEquals("nightshift.", connection().plan().prefix());
    environment.put("NIGHTSHIFT_TOPIC_PREFIX", "blue.");
    assertEquals("blue.", connection().plan().prefix());
    assertEquals("red.", connection("--topic-prefix=red.").plan().prefix());
  }

  @Test
  void what_is_missing_or_wrong_is_said() {
    environment.put("NIGHTSHIFT_BOOTSTRAP_SERVER", " ");
    assertWrong(
        "which cluster? Say --bootstrap-server HOST:PORT, or set NIGHTSHIFT_BOOTSTRAP_SERVER",
        connection()::client);
    for (String server : List.of("localhost", "a:1,b", "a:b", "a: 1")) {
      ParameterException wrong =
          assertThrows(
              ParameterException.class, connection("--bootstrap-server=" + server)::client);
      assertTrue(
          String.valueOf(wrong.getMessage())
              .endsWith(
                  " is not allowed: HOST:PORT, such as localhost:9092, or several with commas"),
          wrong::getMessage);
    }
    Path missing = folder.resolve("missing");
    assertWrong(
        "file '" + missing + "' with the clients' settings does not exist",
        connection("--command-config=" + missing)::client);
    assertWrong(
        "topic prefix 'a b' is not allowed: 1 to 60 of A-Z, a-z, 0-9, '.', '_' and '-'",
        connection("--topic-prefix=a b")::plan);
  }

  private static void assertWrong(String message, Runnable asked) {
    assertEquals(message, assertThrows(ParameterException.class, asked::run).getMessage());
  }

  private Connection connection(String... arguments) {
    Any any = new Any(new Connection(environment::get, knocked::add));
    new CommandLine(any).parseArgs(arguments);
    return any.connection;
  }
}
