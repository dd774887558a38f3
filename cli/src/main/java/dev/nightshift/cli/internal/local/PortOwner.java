package dev.nightshift.cli.internal.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who listens on a port of this machine, as far as Linux tells this user.
final class PortOwner {
  private static final String LISTENS = "0A";

  private PortOwner() {}

  /// Such as `java (process 123)`; empty if it cannot be told.
  static Optional<String> of(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
        if (Files.exists(Path.of(table))) {
          addListening(Path.of(table), port, sockets);
        }
      }
      return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  // The second word is ADDRESS:PORT in hexadecimal, the fourth the state, the tenth the inode.
  private static void addListening(Path table, int port, Set<String> sockets) throws IOException {
    String end = ":%04X".formatted(port);
    for (String line : Files.readAllLines(table)) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 9 && words[1].endsWith(end) && words[3].equals(LISTENS)) {
        sockets.add("socket:[" + words[9] + "]");
      }
    }
  }

  private static Optional<String> holder(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          long pid = Long.parseLong(process.getFileName().toString());
          return Optional.of(name(pid) + " (process " + pid + ")");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | UncheckedIOException e) {
      return false; // somebody else's, or gone
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }

  // Not its arguments: there may be secrets among them.
  private static String name(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .map(command -> Path.of(command).getFileName().toString())
        .orElse("a program");
  }
}
