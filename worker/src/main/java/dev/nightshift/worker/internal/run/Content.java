package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value that a handler gave, as bytes: a child's payload or a result.
///
/// @param contentType its media type, if there is one
record Content(Optional<String> contentType, byte[] bytes) {
  private static final Content NOTHING = new Content(Optional.empty(), new byte[0]);
  private static final Optional<String> TEXT = Optional.of("text/plain; charset=utf-8");

  /// Nothing for null, bytes as they are, text as UTF-8; everything else is for a codec, if there
  /// is one.
  ///
  /// @throws dev.nightshift.handler.CodecException if the codec cannot write it
  static Optional<Content> of(@Nullable Object value, Codecs codecs) {
    return switch (value) {
      case null -> Optional.of(NOTHING);
      case byte[] bytes -> Optional.of(new Content(Optional.empty(), bytes.clone()));
      case CharSequence text -> Optional.of(text(text.toString()));
      default -> codecs.encode(value);
    };
  }

  /// Text as UTF-8.
  static Content text(String text) {
    return new Content(TEXT, text.getBytes(UTF_8));
  }
}
