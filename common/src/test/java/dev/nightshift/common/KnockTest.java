package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KnockTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String NOBODY = "localhost:1";
  private static final String UNKNOWN = "no.such.host.invalid:9092";

  @Test
  void addresses_that_all_refuse_or_are_not_known_are_nobodys() {
    assertEquals(
        "cannot connect to the cluster: Kafka at localhost:1, SSL://[::1]:1,no.such.host.invalid:9092"
            + " does not answer (localhost:1 refuses connections; SSL://[::1]:1 refuses connections;"
            + " no.such.host.invalid:9092 is not known). Check that the brokers run and that"
            + " bootstrap.servers is right; a TLS or SASL listener also wants its settings in the"
            + " client configuration",
        assertThrows(
                FleetException.Unreachable.class,
                () -> knock(NOBODY + ", SSL://[::1]:1," + UNKNOWN, SHORT))
            .getMessage());
  }

  @Test
  void one_that_listens_is_enough_and_need_not_say_anything() throws IOException {
    try (ServerSocket silent = listen(0)) {
      knock(NOBODY + "," + UNKNOWN + ",127.0.0.1:" + silent.getLocalPort(), Duration.ZERO);
    }
  }

  @Test
  void who_begins_to_listen_meanwhile_is_found() throws IOException {
    int port;
    try (ServerSocket closed = listen(0)) {
      port = closed.getLocalPort();
    }
    CompletableFuture<Void> knocking =
        CompletableFuture.runAsync(() -> knock("127.0.0.1:" + port, LONG));
    try (ServerSocket late = listen(port)) {
      knocking.join();
    }
  }

  @Test
  void what_no_address_is_known_of_is_left_to_kafka() {
    knock(UNKNOWN, LONG);
    knock("localhost:99999", LONG);
    knock("no address", LONG);
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }

  private static void knock(String servers, Duration patience) {
    Knock.at(Map.of("bootstrap.servers", servers), patience);
  }
}
