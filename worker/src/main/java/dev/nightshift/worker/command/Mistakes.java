package dev.nightshift.worker.command;

import dev.nightshift.common.Names;
import dev.nightshift.common.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What picocli finds wrong with a call, as users should read it: which argument, what was said,
/// and what is allowed. Pure.
final class Mistakes {
  private static final Pattern INVALID_VALUE =
      Pattern.compile(
          "Invalid value for (?:option '(?<option>[^']+)'(?: \\([^)]*\\))?"
              + "|positional parameter at index [^ ]+ \\((?<argument>[^)]+)\\)): (?<why>.*)",
          Pattern.DOTALL);
  private static final Pattern FOUND_OPTION = Pattern.compile(".* but found '(?<found>[^']*)'");
  private static final Pattern NOT_CONVERTED =
      Pattern.compile(
          "cannot convert (?<value>'.*') to (?:class |interface )?\\S+ \\((?:[\\w.]+: )?(?<why>.*)\\)",
          Pattern.DOTALL);
  private static final Pattern EXCLUSIVE =
      Pattern.compile("Error: (?<all>.*) are mutually exclusive \\(specify only one\\)");
  private static final String VALUE_IS_MISSING = "Missing required parameter for ";
  private static final String NO_KEY = " should be in KEY=VALUE";
  private static final String OF_GROUP = "Error: ";

  /// An option that is so near to a known one is a mistyped one.
  private static final int NEAR = 2;

  private Mistakes() {}

  /// Those about options stand for themselves. A wrong argument without a name makes picocli count
  /// on from it, so what it says after that means nothing. What is missing is said once.
  static List<ParameterException> of(List<Exception> errors) {
    List<ParameterException> mistakes = new ArrayList<>();
    List<ArgSpec> missing = new ArrayList<>();
    boolean argumentIsWrong = false;
    for (Exception error : errors) {
      if (!(error instanceof ParameterException mistake)) {
        throw new IllegalStateException(error);
      }
      boolean ofOption = isAboutOptions(mistake);
      boolean isNew =
          !(mistake instanceof MissingParameterException each)
              || missing.addAll(left(each, missing));
      if (isNew && (ofOption || !argumentIsWrong)) {
        mistakes.add(mistake);
      }
      argumentIsWrong |= !ofOption;
    }
    return mistakes;
  }

  private static List<ArgSpec> left(MissingParameterException mistake, List<ArgSpec> said) {
    return mistake.getMissing().stream().filter(each -> !said.contains(each)).toList();
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
    return switch (mistake) {
      case UnmatchedArgumentException unmatched ->
          unmatched.isUnknownOption() ? unknownOption(unmatched) : oneTooMany(unmatched);
      case MissingParameterException missing -> missing(missing);
      case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is said twice";
      case MutuallyExclusiveArgsException _ ->
          EXCLUSIVE
              .matcher(String.valueOf(mistake.getMessage()))
              .replaceFirst("${all} do not go together: say one of them");
      default -> other(mistake);
    };
  }

  private static String unknownOption(UnmatchedArgumentException unmatched) {
    String said = unmatched.getUnmatched().get(0).split("=", 2)[0];
    List<String> known =
        unmatched.getCommandLine().getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList();
    return "there is no option "
        + said
        + known.stream()
            .filter(option -> option.startsWith(said))
            .findFirst()
            .or(() -> Nearest.to(said, known))
            .filter(near -> near.startsWith(said) || Nearest.distance(said, near) <= NEAR)
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
  }

  private static String oneTooMany(UnmatchedArgumentException unmatched) {
    CommandLine line = unmatched.getCommandLine();
    String first = "'" + unmatched.getUnmatched().get(0) + "'";
    return line.getSubcommands().isEmpty()
        ? first + " is one argument too many; one with spaces wants quotes around it"
        : "there is no command " + first + "; there are: " + verbs(line);
  }

  private static String missing(MissingParameterException mistake) {
    String said = String.valueOf(mistake.getMessage());
    List<ArgSpec> missing = mistake.getMissing();
    Matcher found = FOUND_OPTION.matcher(said);
    if (missing.size() == 1 && (found.matches() || said.startsWith(VALUE_IS_MISSING))) {
      ArgSpec argument = missing.get(0);
      return name(argument)
          + ": its value is missing"
          + (found.matches() ? " before " + found.group("found") : "")
          + ": "
          + form(argument);
    }
    boolean one = missing.size() == 1 || said.startsWith(OF_GROUP);
    return missing.stream().map(Mistakes::form).collect(Collectors.joining(one ? " or " : " and "))
        + (one ? " is missing" : " are missing");
  }

  private static String other(ParameterException mistake) {
    String said = String.valueOf(mistake.getMessage());
    if (said.equals("Missing required subcommand")) {
      return "which command? There are: " + verbs(mistake.getCommandLine());
    }
    Matcher invalid = INVALID_VALUE.matcher(said);
    if (invalid.matches()) {
      return Optional.ofNullable(invalid.group("option")).orElse(invalid.group("argument"))
          + ": "
          + why(invalid.group("why"));
    }
    ArgSpec argument = mistake.getArgSpec();
    if (argument != null && said.contains(NO_KEY)) {
      return name(argument)
          + ": "
          + Names.quoted(String.valueOf(mistake.getValue()))
          + " is not allowed: "
          + argument.paramLabel();
    }
    return said;
  }

  private static String why(String said) {
    Matcher notConverted = NOT_CONVERTED.matcher(said);
    return notConverted.matches()
        ? notConverted.group("value") + " is not allowed (" + notConverted.group("why") + ")"
        : said.replaceFirst("is not an? (int|long)$", "is not a whole number")
            .replaceFirst("^'.*' is not a boolean$", "it takes no value");
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /// How it is written.
  private static String form(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel())
        : argument.paramLabel();
  }

  private static String verbs(CommandLine line) {
    return line.getSubcommands().keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
