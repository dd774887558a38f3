package dev.nightshift.worker.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What picocli finds wrong with a call, as users should read it. Pure.
final class Mistakes {
  private static final Pattern INVALID_VALUE =
      Pattern.compile(
          "Invalid value for (?:option '(?<option>[^']+)'(?: \\([^)]*\\))?"
              + "|positional parameter at index [^ ]+ \\((?<argument>[^)]+)\\)): (?<why>.*)",
          Pattern.DOTALL);

  private Mistakes() {}

  /// Those about options stand for themselves. A wrong argument without a name makes picocli count
  /// on from it, so what it says after that means nothing.
  static List<ParameterException> of(List<Exception> errors) {
    List<ParameterException> mistakes = new ArrayList<>();
    boolean argumentIsWrong = false;
    for (Exception error : errors) {
      if (!(error instanceof ParameterException mistake)) {
        throw new IllegalStateException(error);
      }
      boolean ofOption = isAboutOptions(mistake);
      if (ofOption || !argumentIsWrong) {
        mistakes.add(mistake);
      }
      argumentIsWrong |= !ofOption;
    }
    return mistakes;
  }

  private static boolean isAboutOptions(ParameterException mistake) {
    return switch (mistake) {
      case MissingParameterException missing ->
          missing.getMissing().stream().allMatch(ArgSpec::isOption);
      case UnmatchedArgumentException unmatched -> unmatched.isUnknownOption();
      default -> mistake.getArgSpec() != null && mistake.getArgSpec().isOption();
    };
  }

  /// A mistake in one sentence or two.
  static String text(ParameterException mistake) {
    String said = String.valueOf(mistake.getMessage());
    CommandLine line = mistake.getCommandLine();
    if (mistake instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String first = "'" + unmatched.getUnmatched().get(0) + "'";
      return line.getSubcommands().isEmpty()
          ? first + " is one argument too many; one with spaces wants quotes around it"
          : "there is no command " + first + "; there are: " + verbs(line);
    }
    if (said.equals("Missing required subcommand")) {
      return "which command? There are: " + verbs(line);
    }
    Matcher invalid = INVALID_VALUE.matcher(said);
    if (invalid.matches()) {
      String option = invalid.group("option");
      return (option == null ? invalid.group("argument") : option)
          + ": "
          + invalid.group("why").replaceFirst("is not an? (int|long)$", "is not a whole number");
    }
    return said;
  }

  private static String verbs(CommandLine line) {
    return line.getSubcommands().keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
