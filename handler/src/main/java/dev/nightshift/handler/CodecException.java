package dev.nightshift.handler;

import org.jspecify.annotations.Nullable;

/// A payload could not be read or written as asked. Its message says which type, which media type
/// and why.
public final class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Says what failed and, if something threw, why.
  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
