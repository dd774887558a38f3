package dev.nightshift.cli.internal;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which of this process's streams are a terminal. Java itself only knows whether input and output
/// both are.
final class Streams {
  private static final int INPUT = 0;
  private static final int ERRORS = 2;

  private Streams() {}

  /// Whether somebody types what is read.
  static boolean inputIsTerminal() {
    return is(INPUT);
  }

  /// Whether somebody sees messages and progress.
  static boolean errorsAreTerminal() {
    return is(ERRORS);
  }

  private static boolean is(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.startsWith("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console(); // no Linux
      return console != null && console.isTerminal();
    }
  }
}
