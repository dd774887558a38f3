package dev.nightshift.scenarios;

import dev.nightshift.local.LocalKafka;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// What all clients of a Kafka go through. It passes everything on, and can hold back a request: so
/// a scenario stands still at the moment that it is about. Its threads pass on what the clients
/// say; its methods are for any thread.
final class RequestGate implements AutoCloseable {
  private static final int SECONDS_MAX = 30;

  private final ServerSocket server;
  private final Map<Seen, Integer> seen = new HashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile @Nullable InetSocketAddress broker;
  private volatile @Nullable Hold hold;

  private record Seen(ApiKeys request, String client, int connection) {}

  /// A request that is held back, and with it all that its client says later on that connection.
  static final class Hold {
    private final ApiKeys request;
    private final String client;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private Hold(ApiKeys request, String client) {
      this.request = request;
      this.client = client;
    }

    /// Waits until there is one.
    void await() {
      RequestGate.await(held, client + " has sent no " + request);
    }

    /// It goes on its way.
    void release() {
      released.countDown();
    }
  }

  RequestGate() {
    try {
      this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// Starts a broker that all of its clients reach through here. Whoever calls closes it.
  Broker startKafka() {
    String here = "CLIENT://127.0.0.1:" + server.getLocalPort();
    Broker kafka = Broker.start(LocalKafka.Settings.defaults().with("advertised.listeners", here));
    URI address = URI.create("kafka://" + kafka.bootstrapServers());
    broker = new InetSocketAddress(address.getHost(), address.getPort());
    return kafka;
  }

  /// The next such request of a client is held back.
  ///
  /// @param client its `client.id`
  Hold hold(ApiKeys request, String client) {
    Hold next = new Hold(request, client);
    hold = next;
    return next;
  }

  /// How many such requests of clients with this `client.id` were passed on, by connection.
  Map<Integer, Integer> passed(ApiKeys request, String client) {
    Map<Integer, Integer> passed = new HashMap<>();
    synchronized (seen) {
      seen.forEach((what, count) -> {
        if (what.request() == request && what.client().equals(client)) {
          passed.put(what.connection(), count);
        }
      });
    }
    return passed;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        int connection = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> connect(client, connection));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void connect(Socket client, int connection) {
    InetSocketAddress to = broker;
    try (client;
        Socket there = new Socket()) {
      if (to == null) {
        return;
      }
      there.connect(to);
      client.setTcpNoDelay(true);
      there.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> answers(there, client));
      requests(client, there, connection);
    } catch (IOException e) {
      // One of them has gone; so does the other.
    }
  }

  private void requests(Socket client, Socket there, int connection) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(there.getOutputStream());
    while (true) {
      byte[] request = new byte[in.readInt()];
      in.readFully(request);
      pass(ByteBuffer.wrap(request), connection);
      ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + request.length);
      out.write(framed.putInt(request.length).put(request).array());
    }
  }

  // A request begins with its kind, its version, its number and its client's name.
  private void pass(ByteBuffer request, int connection) {
    ApiKeys kind = ApiKeys.forId(request.getShort());
    request.position(request.position() + Short.BYTES + Integer.BYTES);
    byte[] name = new byte[Math.max(0, request.getShort())];
    request.get(name);
    String client = new String(name, StandardCharsets.UTF_8);
    Hold now = hold;
    if (now != null && now.request == kind && now.client.equals(client)) {
      hold = null;
      now.held.countDown();
      await(now.released, "a held " + kind + " was not released");
    }
    synchronized (seen) {
      seen.merge(new Seen(kind, client, connection), 1, Integer::sum);
    }
  }

  private static void answers(Socket there, Socket client) {
    try {
      there.getInputStream().transferTo(client.getOutputStream());
      client.close();
    } catch (IOException e) {
      // One of them has gone; so does the other.
    }
  }

  private static void await(CountDownLatch latch, String problem) {
    try {
      if (!latch.await(SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError(problem + " within " + SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
