package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads what is written of crons on the command line and in files.
final class CronWords {
  private CronWords() {}

  /// @throws IllegalArgumentException if it is none of them; the message says which there are
  static Missed missed(String text) {
    return one(text, List.of(Missed.values()));
  }

  /// @throws IllegalArgumentException if it is none of them; the message says which there are
  static Overlap overlap(String text) {
    return one(text, List.of(Overlap.values()));
  }

  private static <T> T one(String text, List<T> allowed) {
    return allowed.stream()
        .filter(each -> each.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                Names.quoted(text)
                    + " is not allowed: "
                    + allowed.stream().map(Object::toString).collect(Collectors.joining(", "))));
  }

  /// Reads a cron's name.
  static final class CronNames implements ITypeConverter<CronName> {
    @Override
    public CronName convert(String text) {
      try {
        return CronName.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads what each event carries.
  static final class Payloads implements ITypeConverter<CronPayload> {
    @Override
    public CronPayload convert(String text) {
      if (text.equals(EmitInput.STANDARD)) {
        throw new TypeConversionException(
            "'-' stands for standard input, which a cron's payload is not read from: write the JSON"
                + " value, or put it into a file for nightshift cron apply");
      }
      try {
        return CronPayload.ofJson(new EventEmitCommand.JsonTexts().convert(text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Which canvases' crons are meant.
  ///
  /// @param canvas empty for all
  record Which(Optional<String> canvas) {
    boolean covers(CronName name) {
      return canvas.isEmpty() || canvas.get().equals(name.canvas());
    }
  }

  /// Reads a canvas's name, also where it is written `CANVAS/*`; or `*` for all.
  static final class Canvases implements ITypeConverter<Which> {
    @Override
    public Which convert(String text) {
      if (text.equals("*")) {
        return new Which(Optional.empty());
      }
      String name = text.endsWith("/*") ? text.substring(0, text.length() - 2) : text;
      Names.problemWithCanvas(name)
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return new Which(Optional.of(name));
    }
  }

  /// Reads what becomes of missed ticks.
  static final class MissedWords implements ITypeConverter<Missed> {
    @Override
    public Missed convert(String text) {
      try {
        return missed(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads what becomes of overlapping ticks.
  static final class OverlapWords implements ITypeConverter<Overlap> {
    @Override
    public Overlap convert(String text) {
      try {
        return overlap(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
