package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Reads and writes times as RFC 3339 has them. Each event has one, and Java's own parsers and
/// formatters take longer than all else that is read or written of it: the usual form, in UTC with
/// up to nine digits of a second, is read here, and every other one by them. Pure; safe for use by
/// many threads.
public final class Rfc3339 {
  // 2026-11-26T02:03:04
  private static final String FORM = "dddd-dd-ddTdd:dd:dd";
  private static final int FRACTION_DIGITS_MAX = 9;

  private static final byte[] WRITTEN = "0000-00-00T00:00:00.000000Z".getBytes(US_ASCII);

  private Rfc3339() {}

  /// A time as ASCII, in UTC, cut to the microsecond: always 27 characters.
  ///
  /// @param instant of the years 0 to 9999
  public static byte[] write(Instant instant) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
    byte[] text = WRITTEN.clone();
    write(time.getYear(), text, 4);
    write(time.getMonthValue(), text, 7);
    write(time.getDayOfMonth(), text, 10);
    write(time.getHour(), text, 13);
    write(time.getMinute(), text, 16);
    write(time.getSecond(), text, 19);
    write(time.getNano() / 1_000, text, 26);
    return text;
  }

  private static void write(int number, byte[] text, int end) {
    for (int rest = number, at = end - 1; rest > 0; rest /= 10, at--) {
      text[at] = (byte) ('0' + rest % 10);
    }
  }

  /// Reads a time.
  ///
  /// @throws DateTimeException if it is none
  public static Instant parse(String text) {
    if (isUsual(text)) {
      return usual(text);
    }
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }

  private static boolean isUsual(String text) {
    int end = text.length() - 1;
    if (end < FORM.length() || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char wanted = FORM.charAt(i);
      if (wanted == 'd' ? !isDigit(text.charAt(i)) : text.charAt(i) != wanted) {
        return false;
      }
    }
    int digits = end - FORM.length() - 1;
    if (end > FORM.length()
        && (text.charAt(FORM.length()) != '.' || digits < 1 || digits > FRACTION_DIGITS_MAX)) {
      return false;
    }
    for (int i = FORM.length() + 1; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    // A leap second and the end of a day are left to Java, which knows what becomes of them.
    return number(text, 11, 2) < 24 && number(text, 17, 2) < 60;
  }

  private static Instant usual(String text) {
    int digits = Math.max(0, text.length() - FORM.length() - 2);
    int nanos = digits == 0 ? 0 : number(text, FORM.length() + 1, digits);
    for (int i = digits; i < FRACTION_DIGITS_MAX; i++) {
      nanos *= 10;
    }
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 2),
            number(text, 8, 2),
            number(text, 11, 2),
            number(text, 14, 2),
            number(text, 17, 2),
            nanos)
        .toInstant(ZoneOffset.UTC);
  }

  private static int number(String text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      number = 10 * number + (text.charAt(i) - '0');
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
