package dev.nightshift.local.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// A port of the loopback address that stays ours from the first bind to the last close, also while
/// the broker behind it is down. Owned by the thread that starts and stops the broker.
///
/// A socket that is bound and never listens keeps the kernel from giving the port to anyone else,
/// such as a client that connects to the stopped broker and would be given the very port it calls.
/// Whoever knows the port can still listen on it, so the broker may be another process. BSD and
/// macOS do not let two sockets share a port like this: there the port is held only while the
/// broker runs, and binding is tried again for a while.
public final class HeldPort implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final boolean PORTS_CAN_BE_HELD =
      System.getProperty("os.name", "").startsWith("Linux");
  private static final Duration BIND_WAIT_MAX = Duration.ofSeconds(10);
  private static final Duration BIND_PAUSE = Duration.ofMillis(20);

  private final int port;
  private @Nullable Socket placeholder;

  private HeldPort(int port, @Nullable Socket placeholder) {
    this.port = port;
    this.placeholder = placeholder;
  }

  /// Takes `port`, or a free one if it is 0.
  ///
  /// @throws BindException if somebody else listens there
  public static HeldPort take(int port) throws IOException {
    Socket placeholder = new Socket();
    try {
      placeholder.setReuseAddress(true);
      placeholder.bind(address(port));
      int bound = placeholder.getLocalPort();
      if (PORTS_CAN_BE_HELD) {
        return new HeldPort(bound, placeholder);
      }
      placeholder.close();
      return new HeldPort(bound, null);
    } catch (BindException e) {
      placeholder.close();
      throw inUse(port, e);
    }
  }

  public int port() {
    return port;
  }

  /// A socket that listens on the port; the caller closes it.
  ServerSocketChannel listen() throws IOException {
    long deadline = System.nanoTime() + BIND_WAIT_MAX.toNanos();
    while (true) {
      try {
        return bind();
      } catch (BindException e) {
        if (System.nanoTime() > deadline) {
          throw inUse(port, e);
        }
        LockSupport.parkNanos(BIND_PAUSE.toNanos());
      }
    }
  }

  private ServerSocketChannel bind() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(address(port));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static InetSocketAddress address(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(HOST), port);
  }

  private static BindException inUse(int port, BindException cause) {
    BindException e =
        new BindException(
            "port "
                + port
                + " of "
                + HOST
                + " is taken by another process; stop that one, or choose another port (0 takes a"
                + " free one)");
    e.initCause(cause);
    return e;
  }

  @Override
  public void close() {
    if (placeholder != null) {
      Utils.closeQuietly(placeholder, "placeholder");
      placeholder = null;
    }
  }
}
