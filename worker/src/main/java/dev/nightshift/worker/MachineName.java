package dev.nightshift.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The name of the machine that this runs on, as traces show it. Pure but for asking the system.
public final class MachineName {
  private MachineName() {}

  /// @param hostname the environment's HOSTNAME, which containers have and few shells export
  public static String of(@Nullable String hostname) {
    return Optional.ofNullable(hostname)
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .orElseGet(MachineName::fromSystem);
  }

  private static String fromSystem() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // The system knows its name but no address of it; the JDK says it as `NAME: reason`.
      String name = String.valueOf(e.getMessage()).replaceFirst(":.*", "").strip();
      return name.isEmpty() ? "unknown" : name;
    }
  }
}
