package dev.nightshift.worker.command;

import dev.nightshift.common.Names;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Where a process serves its health and its metrics, if it does.
public final class AdminOptions {
  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description =
          "Serves /health/live, /health/ready and /metrics there; 0 for any free port (default:"
              + " not at all).")
  private @Nullable Integer port;

  @Option(
      names = "--admin-host",
      paramLabel = "HOST",
      description =
          "The address that the admin port is opened on, to be reached from this machine only unless"
              + " another one is said (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /// The port that was said; empty if nothing is to be served.
  public OptionalInt port() {
    Integer wanted = port;
    return wanted == null ? OptionalInt.empty() : OptionalInt.of(wanted);
  }

  /// Opens what serves.
  ///
  /// @param <A> what it is
  public interface Opener<A> {
    /// @throws IOException if the address cannot be taken
    A open(InetSocketAddress address) throws IOException;
  }

  /// What serves there; empty if that is not wanted.
  ///
  /// @throws picocli.CommandLine.ParameterException if it cannot be opened
  public <A> Optional<A> open(Opener<A> opener) {
    Integer wanted = port;
    if (wanted == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(opener.open(new InetSocketAddress(host, wanted)));
    } catch (IOException | IllegalArgumentException e) {
      CommandSpec spec = command;
      if (spec == null) {
        throw new IllegalStateException("not part of a command", e);
      }
      throw Commands.wrong(
          spec,
          List.of(
              "the admin port "
                  + wanted
                  + " on "
                  + Names.quoted(host)
                  + " cannot be opened ("
                  + e.getMessage()
                  + "): name another with --admin-port, 0 for any that is free, or another address of"
                  + " this machine with --admin-host"));
    }
  }
}
