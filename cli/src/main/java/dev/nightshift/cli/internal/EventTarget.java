package dev.nightshift.cli.internal;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where an event goes.
record EventTarget(String canvas, String queue) {
  /// What to say when there is no such canvas.
  CommandException unknown(ControlView view) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        Fleet.unknown(view, canvas).getMessage()
            + ". To create this one add --create. Nothing was emitted");
  }

  @Override
  public String toString() {
    return canvas + "/" + queue;
  }

  /// Reads a target.
  static final class Targets implements ITypeConverter<EventTarget> {
    @Override
    public EventTarget convert(String text) {
      int slash = text.indexOf('/');
      if (slash < 0) {
        throw new TypeConversionException(
            Names.quoted(text) + " is no queue: write CANVAS/QUEUE, such as quakes/assess");
      }
      EventTarget target = new EventTarget(text.substring(0, slash), text.substring(slash + 1));
      Names.problemWithCanvas(target.canvas())
          .or(() -> Names.problemWithQueue(target.queue()))
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return target;
    }
  }
}
