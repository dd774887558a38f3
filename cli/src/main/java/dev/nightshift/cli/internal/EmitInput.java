package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.PayloadLines.Line;
import dev.nightshift.common.Names;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.NamedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where payloads come from. Immutable.
///
/// @param name for messages
/// @param file of [Kind#FILE] and [Kind#PIPE]
record EmitInput(Kind kind, String name, Optional<Path> file) {
  /// How standard input is written.
  static final String STANDARD = "-";

  private static final int MISTAKES_SHOWN = 10;

  /// What it is.
  enum Kind {
    /// One payload.
    ARGUMENT,
    /// Can be read twice.
    FILE,
    /// A file that can be read once: a pipe, a device.
    PIPE,
    STANDARD_INPUT
  }

  /// Which of them is meant.
  ///
  /// @throws CommandException if none or several are, or the file cannot be read
  static EmitInput of(@Nullable String payload, @Nullable String file, boolean atTerminal) {
    if (payload != null && file != null) {
      throw wrong("there is a payload and --file: say one of them");
    }
    if (payload == null && file == null && atTerminal) {
      throw wrong(
          "there is no payload: write it in quotes, such as '{\"mag\":5.1}', or say --file FILE, or"
              + " - to read lines from standard input");
    }
    if (file != null && !file.equals(STANDARD)) {
      return ofFile(Path.of(file));
    }
    return payload == null || payload.equals(STANDARD)
        ? new EmitInput(Kind.STANDARD_INPUT, "standard input", Optional.empty())
        : new EmitInput(Kind.ARGUMENT, "the payload", Optional.empty());
  }

  private static EmitInput ofFile(Path path) {
    NamedPath.problemWithFile(path, "")
        .ifPresent(problem -> {
          throw wrong(problem);
        });
    return new EmitInput(
        Files.isRegularFile(path) ? Kind.FILE : Kind.PIPE,
        "file " + Names.quoted(path.toString()),
        Optional.of(path));
  }

  /// Looks whether all lines of a file can be emitted; anything else is not read.
  ///
  /// @param first the line to begin with
  /// @param bytesMax the longest line
  /// @return how many events they are
  /// @throws CommandException that names the first mistakes
  long check(long first, int bytesMax) {
    return kind == Kind.FILE ? count(InputStream.nullInputStream(), first, bytesMax) : 0;
  }

  /// Looks whether all lines can be emitted. A pipe cannot be read once more.
  ///
  /// @param standard standard input
  /// @throws CommandException as [#check] does
  long count(InputStream standard, long first, int bytesMax) {
    long count = 0;
    long wrong = 0;
    List<String> mistakes = new ArrayList<>();
    try (PayloadLines lines = new PayloadLines(open(standard, () -> false), bytesMax)) {
      for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        Optional<String> mistake =
            line.get().number() < first ? Optional.empty() : mistake(line.get(), bytesMax);
        count += line.get().number() < first ? 0 : 1;
        wrong += mistake.isPresent() ? 1 : 0;
        if (mistake.isPresent() && mistakes.size() < MISTAKES_SHOWN) {
          mistakes.add(mistake.get());
        }
      }
      beyond(lines.number(), first)
          .ifPresent(problem -> {
            throw wrong(problem);
          });
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (wrong > 0) {
      throw wrong(
          name
              + String.format(Locale.ROOT, " has %,d line%s", wrong, wrong == 1 ? "" : "s")
              + " of "
              + String.format(Locale.ROOT, "%,d", count)
              + " that cannot be emitted:\n- "
              + String.join("\n- ", mistakes)
              + (wrong > mistakes.size() ? "\n- …" : "")
              + "\nEach line must be one JSON value in UTF-8");
    }
    return count;
  }

  /// What is wrong with a first line that is not in an input, nor the next one: there would be
  /// nothing to go on with.
  ///
  /// @param lines how many the whole input has
  Optional<String> beyond(long lines, long first) {
    return first <= lines + 1
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s has %,d line%s, but --from-line is %d",
                name,
                lines,
                lines == 1 ? "" : "s",
                first));
  }

  /// What is said of an input without lines from the first on, and ends well.
  String nothing(long first) {
    return name
        + (first == 1 ? " has no lines" : " has no lines from line " + first + " on")
        + ". Nothing was emitted";
  }

  /// What is wrong with a line; empty if it can be emitted.
  static Optional<String> mistake(Line line, int bytesMax) {
    if (line.tooLong()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "line %d has %,d bytes, at most %,d are allowed; store large data elsewhere and emit"
                  + " where it is",
              line.number(),
              line.length(),
              bytesMax));
    }
    return JsonSyntax.mistake(line.bytes())
        .map(mistake ->
            "line "
                + line.number()
                + " is no JSON value ("
                + mistake.why().map(why -> why + ", ").orElse("")
                + "column "
                + mistake.column()
                + ")");
  }

  /// Opens it.
  ///
  /// @param standard standard input
  /// @param stop asked while a pipe or standard input has nothing to read
  InputStream open(InputStream standard, BooleanSupplier stop) {
    try {
      InputStream opened = file.isPresent() ? Files.newInputStream(file.get()) : standard;
      return kind == Kind.FILE ? opened : new StandardInput(opened, stop);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  CommandException unreadable(IOException failure) {
    String why =
        switch (failure) {
          case NoSuchFileException _ -> "it does not exist";
          case AccessDeniedException _ -> "permission denied";
          default -> String.valueOf(failure.getMessage());
        };
    return new CommandException(
        ExitCode.FAILED, name + " cannot be read (" + why + "). Nothing was emitted");
  }

  private static CommandException wrong(String problem) {
    return new CommandException(ExitCode.USAGE, problem + ". Nothing was emitted");
  }
}
