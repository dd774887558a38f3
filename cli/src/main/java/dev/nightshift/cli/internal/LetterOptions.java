package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import dev.nightshift.common.dead.LetterFilter;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that narrow dead letters down.
final class LetterOptions {
  static final String REASON = "--dead-reason";
  static final String REASON_IS =
      "Only those that died of this: an outcome such as exhausted or undecodable, or a part of the"
          + " reason.";
  static final String NO_SUCH = "there are no such dead letters";
  static final String ID_IS =
      "A letter, as 'nightshift dead list' names it (PARTITION/OFFSET), or its event's id.";

  @Option(
      names = "--canvas",
      paramLabel = "NAME",
      converter = AuditCommand.CanvasNames.class,
      description = "Only those of this canvas.")
  private @Nullable String canvas;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      converter = QueueNames.class,
      description = "Only those of queues of this name.")
  private @Nullable String queue;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      converter = AuditCommand.Starts.class,
      description = "Only those that died since then: 2h, or 2026-01-02T03:04:05Z.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      converter = AuditCommand.Starts.class,
      description = "Only those that died before then: 30m (ago), or 2026-01-02T03:04:05Z.")
  private @Nullable Instant until;

  LetterFilter filter(Optional<String> reason) {
    Instant start = since;
    Instant end = until;
    if (start != null && end != null && !start.isBefore(end)) {
      throw new CommandException(
          ExitCode.USAGE,
          "nothing died between --since ("
              + start
              + ") and --until ("
              + end
              + "): the first must be the earlier, such as --since 2d --until 1d");
    }
    return new LetterFilter(
        Optional.ofNullable(canvas),
        Optional.ofNullable(queue),
        reason,
        Optional.ofNullable(start),
        Optional.ofNullable(end));
  }

  /// Reads a queue's name.
  static final class QueueNames implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Names.problemWithQueue(text)
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return text;
    }
  }
}
