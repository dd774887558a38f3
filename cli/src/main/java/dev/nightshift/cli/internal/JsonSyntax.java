package dev.nightshift.cli.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Looks whether bytes are one JSON value in UTF-8. Pure; safe for use by many threads.
final class JsonSyntax {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

  private JsonSyntax() {}

  /// Where it is wrong. The value itself is never shown.
  ///
  /// @param line from 1
  /// @param column from 1, in characters
  /// @param why empty if the place says it
  record Mistake(int line, int column, Optional<String> why) {
    /// `line 1, column 2`, or `it is empty`.
    String text() {
      return why.orElseGet(() -> "line " + line + ", column " + column);
    }
  }

  /// What is wrong with it; empty if nothing is.
  static Optional<Mistake> mistake(byte[] json) {
    // Jackson takes such bytes for UTF-16 or UTF-32. JSON in UTF-8 has none.
    for (int i = 0; i < json.length; i++) {
      if (json[i] == 0) {
        return Optional.of(at(json, 1, i + 1));
      }
    }
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        return Optional.of(new Mistake(1, 1, Optional.of("it is empty")));
      }
      parser.skipChildren();
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      Mistake next = at(json, parser.currentTokenLocation());
      return Optional.of(
          new Mistake(
              next.line(), next.column(), Optional.of("something follows the first value")));
    } catch (JsonProcessingException e) {
      return Optional.of(at(json, e.getLocation()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mistake at(byte[] json, JsonLocation location) {
    return at(json, location.getLineNr(), location.getColumnNr());
  }

  // Jackson counts bytes.
  private static Mistake at(byte[] json, int line, int byteColumn) {
    int start = 0;
    for (int lines = 1; lines < line && start < json.length; start++) {
      lines += json[start] == '\n' ? 1 : 0;
    }
    int column = 1;
    for (int i = start; i < Math.min(json.length, start + byteColumn - 1); i++) {
      column += (json[i] & 0xC0) == 0x80 ? 0 : 1;
    }
    return new Mistake(Math.max(1, line), column, Optional.empty());
  }
}
