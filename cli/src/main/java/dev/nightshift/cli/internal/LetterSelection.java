package dev.nightshift.cli.internal;

import dev.nightshift.common.dead.LetterChoice;
import dev.nightshift.common.dead.LetterFilter;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which dead letters something is done with: some that are named, those that fit a filter, or all.
/// One of the three must be said: what is left out by mistake must not mean all.
final class LetterSelection {
  private static final long MAX = 1_000_000_000;

  @Parameters(paramLabel = "ID", arity = "0..*", description = LetterOptions.ID_IS)
  private List<String> ids = new ArrayList<>();

  @Option(names = LetterOptions.REASON, paramLabel = "TEXT", description = LetterOptions.REASON_IS)
  private @Nullable String deadReason;

  @Option(names = "--all", description = "All that are there.")
  private boolean all;

  @Option(
      names = "--max",
      paramLabel = "N",
      converter = Counts.class,
      description = "At most as many, the oldest.")
  private @Nullable Long max;

  @Mixin private LetterOptions options;

  LetterChoice choice() {
    LetterFilter filter = options.filter(Optional.ofNullable(deadReason));
    boolean filtered = !filter.equals(LetterFilter.ALL);
    int said = (ids.isEmpty() ? 0 : 1) + (filtered ? 1 : 0) + (all ? 1 : 0);
    if (said != 1) {
      throw new CommandException(
          ExitCode.USAGE,
          (said == 0
                  ? "which dead letters? Name"
                  : "IDs, filters and --all exclude each other: name")
              + " them by ID, or say --canvas, --queue, --dead-reason, --since or --until, or --all"
              + " for all. Nothing was done");
    }
    Long most = max;
    return new LetterChoice(
        List.copyOf(ids), filter, most == null ? OptionalLong.empty() : OptionalLong.of(most));
  }

  /// Reads how many.
  static final class Counts implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return LetterWork.number(text, MAX);
    }
  }
}
