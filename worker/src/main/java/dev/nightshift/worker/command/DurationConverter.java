package dev.nightshift.worker.command;

import dev.nightshift.common.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads durations such as `90s` and `10m`.
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return within(text, Duration.ZERO, Durations.LONGEST);
  }

  /// The same within an option's bounds.
  ///
  /// @throws TypeConversionException if it is none, or beyond; the message says what is allowed
  public static Duration within(String text, Duration least, Duration most) {
    try {
      return Durations.parse(text, least, most);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
