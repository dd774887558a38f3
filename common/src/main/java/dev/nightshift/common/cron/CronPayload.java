package dev.nightshift.common.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/// What each event of a cron carries. Immutable; the bytes are not copied, so do not change them.
///
/// @param bytes at most [#BYTES_MAX]
/// @param contentType their media type
public record CronPayload(byte[] bytes, Optional<String> contentType) {
  /// The most bytes: each definition is read by every scheduler.
  public static final int BYTES_MAX = 256 << 10;

  /// An empty JSON object.
  public static final CronPayload NONE = ofJson("{}");

  private static final String JSON = "application/json";

  /// Checks the length.
  ///
  /// @throws IllegalArgumentException if there are too many bytes
  public CronPayload {
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "the payload has "
              + bytes.length
              + " bytes, at most "
              + BYTES_MAX
              + " are allowed. Store large data elsewhere and emit where it is");
    }
  }

  /// JSON text.
  public static CronPayload ofJson(String json) {
    return new CronPayload(json.getBytes(UTF_8), Optional.of(JSON));
  }

  /// Whether it is said to be JSON.
  public boolean isJson() {
    return contentType.filter(JSON::equals).isPresent();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronPayload that
        && Arrays.equals(bytes, that.bytes)
        && contentType.equals(that.contentType);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + contentType.hashCode();
  }

  /// How long it is; never what it holds.
  @Override
  public String toString() {
    return bytes.length + " bytes" + contentType.map(type -> " of " + type).orElse("");
  }
}
