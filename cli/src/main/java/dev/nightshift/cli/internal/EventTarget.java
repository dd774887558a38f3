package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.Nearest;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where an event goes.
record EventTarget(String canvas, String queue) {
  /// The nearest name of a canvas that takes events.
  static Optional<String> nearest(String canvas, Fleet fleet) {
    return Nearest.to(
        canvas,
        fleet.view().canvases().stream()
            .filter(each -> !each.deleted())
            .map(Canvas::name)
            .toList());
  }

  /// What to say when there is no such canvas.
  CommandException unknown(Fleet fleet) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        "there is no canvas "
            + Names.quoted(canvas)
            + nearest(canvas, fleet)
                .map(name ->
                    "; the nearest that there is is "
                        + Names.quoted(name)
                        + ". Emit into "
                        + name
                        + "/"
                        + queue
                        + ", or create the new canvas with --create")
                .orElse(", nor any other. Create it with --create")
            + ". Nothing was emitted");
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
