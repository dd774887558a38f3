package dev.nightshift.common;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Reads times as RFC 3339 writes them. Each event has one, and Java's own parsers take longer than
/// all else that is read of it: the usual form, in UTC with up to nine digits of a second, is read
/// here, and every other one by them. Pure; safe for use by many threads.
final class Rfc3339 {
  // 2026-11-26T02:03:04
  private static final String FORM = "dddd-dd-ddTdd:dd:dd";
  private static final int FRACTION_DIGITS_MAX = 9;

  private Rfc3339() {}

  /// Reads a time.
  ///
  /// @throws DateTimeException if it is none
  static Instant parse(String text) {
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
