package dev.nightshift.cli.internal;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/// The terminal, for what is drawn on it again and again. Owned by the command's thread; the
/// process leaves the terminal as it was also when it is interrupted.
final class Screen implements AutoCloseable {
  private static final String HOME = "\033[H";
  private static final String CLEAR = "\033[2J";
  private static final String END_LINE = "\033[K\n";
  private static final String CLEAR_BELOW = "\033[J";
  private static final String OTHER_ON = "\033[?1049h\033[?25l";
  private static final String OTHER_OFF = "\033[?25h\033[?1049l";

  /// Of a terminal that does not say.
  private static final int LINES_USUAL = 24;

  private final Terminal terminal;
  private final Attributes before;
  private final boolean other;
  private final Thread hook = new Thread(this::restore, "nightshift-screen");
  private boolean restored;

  private Screen(Terminal terminal, boolean other) {
    this.terminal = terminal;
    this.before = terminal.getAttributes();
    this.other = other;
  }

  /// Whether somebody reads and types.
  static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// Whether to print in colours: see no-color.org.
  static boolean hasColors() {
    String refused = System.getenv("NO_COLOR");
    return isThere() && (refused == null || refused.isEmpty());
  }

  /// Begins to draw on the terminal, which must be there, and clears it. What is drawn last stays.
  static Screen open() {
    return open(false);
  }

  /// Begins to draw on the terminal's other screen, and to read single keys. When this is closed,
  /// all is as it was.
  static Screen openOther() {
    return open(true);
  }

  private static Screen open(boolean other) {
    Screen screen;
    try {
      screen =
          new Screen(
              TerminalBuilder.builder().system(true).nativeSignals(false).dumb(true).build(),
              other);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (other) {
      screen.terminal.enterRawMode();
    }
    Runtime.getRuntime().addShutdownHook(screen.hook);
    print((other ? OTHER_ON : "") + CLEAR);
    return screen;
  }

  /// Draws a text in place of the last one, without clearing before, which flickers. What has no
  /// room is left out.
  void draw(String text) {
    int lines = terminal.getSize().getRows();
    print(
        HOME
            + text.lines()
                .limit(Math.max(1, (lines > 0 ? lines : LINES_USUAL) - 1))
                .collect(Collectors.joining(END_LINE, "", END_LINE))
            + CLEAR_BELOW);
  }

  /// Waits.
  ///
  /// @return whether that key was pressed meanwhile, or nobody can press one any more: a terminal
  ///   that is gone answers at once, each time
  boolean pressed(char key, Duration wait) {
    return pressed(terminal.reader(), key, wait);
  }

  static boolean pressed(NonBlockingReader keys, char key, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    try {
      for (long left = wait.toMillis(); left > 0; ) {
        int read = keys.read(left);
        if (read == key || read == NonBlockingReader.EOF) {
          return true;
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void print(String text) {
    System.out.print(text);
    System.out.flush();
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      terminal.setAttributes(before);
      if (other) {
        print(OTHER_OFF);
      }
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      terminal.close();
    } catch (IllegalStateException e) {
      // The process ends, and the hook runs already.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
