package dev.nightshift.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class LocalKafkaProcessTest {

  @Test
  void aKilledBrokerComesBackWithItsDataOnItsPort() throws Exception {
    try (LocalKafkaProcess broker = LocalKafkaProcess.start(Settings.defaults())) {
      String address = broker.bootstrapServers();
      Clients.createTopic(address, "kept");
      Clients.produce(address, "kept", "a", "b");
      long killed = broker.pid();
      broker.kill();
      assertFalse(ProcessHandle.of(killed).isPresent());
      broker.restart();
      assertEquals(address, broker.bootstrapServers());
      Clients.produce(address, "kept", "c");
      broker.restart();
      assertEquals(List.of("a", "b", "c"), Clients.consume(address, "kept", "classic", 3));
      // That a busy machine kept it waiting is no fault of its settings.
      assertEquals(
          List.of(),
          Files.readAllLines(broker.dataDirectory().resolve("broker.log")).stream()
              .filter(line -> line.contains(" ERROR "))
              .filter(line -> !line.contains("controller event queue overloaded"))
              .toList());
    }
  }

  @Test
  void closingEndsTheProcessAndRemovesTheTemporaryFolder() {
    LocalKafkaProcess broker = LocalKafkaProcess.start(Settings.defaults());
    assertTrue(Files.exists(broker.dataDirectory()));
    broker.close();
    broker.close();
    assertFalse(ProcessHandle.of(broker.pid()).isPresent());
    assertFalse(Files.exists(broker.dataDirectory()));
  }

  @Test
  void noBrokerOutlivesAParentThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = parent.inputReader()) {
      ProcessHandle broker = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      Path folder = Path.of(out.readLine());
      assertTrue(broker.isAlive());
      assertTrue(Files.exists(folder));
      parent.destroyForcibly();
      broker.onExit().get(30, TimeUnit.SECONDS);
      assertFalse(Files.exists(folder));
    }
  }

  @Test
  void aBrokerThatDoesNotStartShowsItsLog() {
    Settings settings = Settings.defaults().with("num.io.threads", "many");
    var failure =
        assertThrows(IllegalStateException.class, () -> LocalKafkaProcess.start(settings));
    String wanted =
        "(?s)the local Kafka did not start: java.io.IOException: its process ended; the end of its"
            + " log:\n.*Invalid value many for configuration num.io.threads.*";
    assertTrue(String.valueOf(failure.getMessage()).matches(wanted), failure::getMessage);
  }

  @Test
  void aFolderThatCannotBeMadeKeepsNoPort(@TempDir Path folder) throws IOException {
    int port = freePort();
    Path file = Files.createFile(folder.resolve("file"));
    Settings settings = Settings.defaults().withPort(port).withDataDirectory(file.resolve("data"));
    assertThrows(UncheckedIOException.class, () -> LocalKafkaProcess.start(settings));
    assertFree(port);
  }

  @Test
  void aProcessThatCannotBeStartedKeepsNeitherPortNorFolder() throws IOException {
    int port = freePort();
    Set<Path> before = temporaryFolders();
    Settings settings = Settings.defaults().withPort(port).with("a", "\0");
    assertThrows(UncheckedIOException.class, () -> LocalKafkaProcess.start(settings));
    assertFree(port);
    assertEquals(before, temporaryFolders());
  }

  private static int freePort() throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress("127.0.0.1", 0));
      return socket.getLocalPort();
    }
  }

  // Fails where somebody holds the port, as it does not share it.
  private static void assertFree(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress("127.0.0.1", port));
    }
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("nightshift-kafka-"))
          .collect(Collectors.toSet());
    }
  }

  /// Starts a broker, says which and where, and never closes it.
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      LocalKafkaProcess broker = LocalKafkaProcess.start(Settings.defaults());
      System.out.println(broker.pid());
      System.out.println(broker.dataDirectory());
      broker.onExit().get();
    }
  }
}
