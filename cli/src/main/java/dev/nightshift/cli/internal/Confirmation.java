package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks before what cannot be undone: the name of what it is about must be typed, or a yes.
///
/// @param answers reads what is typed, null at its end; empty without a terminal
/// @param questions where the question goes
record Confirmation(Optional<Supplier<@Nullable String>> answers, PrintStream questions) {
  /// This process's terminal, if it has one.
  static Confirmation ofTerminal() {
    Console console = System.console();
    return new Confirmation(
        console != null && console.isTerminal() ? Optional.of(console::readLine) : Optional.empty(),
        System.err);
  }

  /// Returns when the name was typed.
  ///
  /// @param doing completes "… wants its name typed"
  /// @param what will happen, as a sentence
  /// @throws CommandException with [ExitCode#REFUSED] if another was, or there is nobody to ask
  void typed(String name, String doing, String what) {
    if (answers.isEmpty()) {
      throw refused(
          doing + " wants its name typed, and there is no terminal to ask on: say --yes to do it");
    }
    questions.print(what + " Type its name to go on: ");
    questions.flush();
    String answer = answers.get().get();
    if (answer == null) {
      questions.println();
    }
    String typed = answer == null ? "" : answer.strip();
    if (!typed.equals(name)) {
      throw refused(Names.quoted(typed) + " was typed, not " + Names.quoted(name));
    }
  }

  /// Returns when somebody agreed.
  ///
  /// @param doing completes "… wants to be confirmed"
  /// @param what will happen, as a sentence
  /// @throws CommandException with [ExitCode#REFUSED] if they did not, or there is nobody to ask
  void agreed(String doing, String what) {
    if (answers.isEmpty()) {
      throw refused(
          doing + " wants to be confirmed, and there is no terminal to ask on: say --yes to do it");
    }
    questions.print(what + " Go on? [y/N] ");
    questions.flush();
    String answer = answers.get().get();
    if (answer == null) {
      questions.println();
    }
    String typed = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
    if (!typed.equals("y") && !typed.equals("yes")) {
      throw refused(Names.quoted(typed) + " was typed, not y");
    }
  }

  private static CommandException refused(String why) {
    return new CommandException(ExitCode.REFUSED, why + ". Nothing was changed");
  }
}
