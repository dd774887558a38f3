package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What concerns single events.
@Command(
    name = "event",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Emits events, cancels them, and shows what became of them.",
    subcommands = {
      EventEmitCommand.class,
      EventGetCommand.class,
      EventTraceCommand.class,
      EventTailCommand.class,
      EventCancelCommand.class,
      EventReplayCommand.class
    })
public final class EventCommand {
  /// Reads an event's id.
  static final class Ids implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Names.problemWithEventId(text)
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return text;
    }
  }
}
