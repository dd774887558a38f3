package dev.nightshift.common;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Utils;

/// Knocks where a cluster should be. Kafka's clients take an address that refuses connections for
/// that of a broker that is about to start, and try it for as long as they wait for any answer; who
/// waits for a command knows sooner that nothing is there. Nothing is sent, so it does not matter
/// how a listener is secured.
public final class Knock {
  /// A listener that takes longer is left to Kafka's clients.
  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

  private static final int PORT_MAX = 65_535;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Knock() {}

  /// Returns as soon as one address may be a broker's: it accepts a connection, or does not answer
  /// at once. Where no address is known at all Kafka's clients say so at once.
  ///
  /// @param clientConfig settings for all clients, `bootstrap.servers` among them
  /// @param patience for how long all may refuse
  /// @throws FleetException.Unreachable if all addresses refuse, or are not known
  public static void at(Map<String, Object> clientConfig, Duration patience) {
    Cluster cluster = Cluster.of(clientConfig, patience);
    long end = System.nanoTime() + patience.toNanos();
    Optional<String> nobody = nobody(cluster.bootstrap());
    while (nobody.isPresent()) {
      if (System.nanoTime() - end >= 0) {
        throw cluster.nobody(nobody.get());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      nobody = nobody(cluster.bootstrap());
    }
  }

  /// Why nobody can be there; empty if somebody may be.
  private static Optional<String> nobody(String bootstrap) {
    List<String> reasons = new ArrayList<>();
    boolean refused = false;
    for (String server : bootstrap.split(",")) {
      String host = Utils.getHost(server.strip());
      Integer port = Utils.getPort(server.strip());
      if (host == null || port == null || port > PORT_MAX) {
        return Optional.empty();
      }
      try {
        if (!allRefuse(InetAddress.getAllByName(host), port)) {
          return Optional.empty();
        }
        refused = true;
        reasons.add(server.strip() + " refuses connections");
      } catch (UnknownHostException e) {
        reasons.add(server.strip() + " is not known");
      }
    }
    return refused ? Optional.of(String.join("; ", reasons)) : Optional.empty();
  }

  private static boolean allRefuse(InetAddress[] addresses, int port) {
    for (InetAddress address : addresses) {
      // As Kafka's clients, it does not heed the JVM's proxy.
      try (Socket socket = new Socket(Proxy.NO_PROXY)) {
        socket.connect(new InetSocketAddress(address, port), (int) CONNECT_MAX.toMillis());
        return false;
      } catch (ConnectException | NoRouteToHostException | BindException e) {
        // Refused, or no way there: IPv6 may be known and switched off.
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
