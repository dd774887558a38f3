package dev.nightshift.worker.internal.run;

import dev.nightshift.common.record.TraceError;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An exception as text of bounded length. The exception is foreign code: its methods may throw,
/// give nonsense, or name ever new causes. Pure.
final class ErrorText {
  private static final int MESSAGE_CHARS_MAX = 4_000;
  private static final int BRIEF_CHARS_MAX = 300;
  private static final int CAUSES_MAX = 16;
  private static final int FRAMES_MAX = 64;

  private ErrorText() {}

  /// Type, message and stack trace, with its causes.
  static TraceError of(Throwable thrown, int stackCharsMax) {
    TraceError error = new TraceError();
    error.setType(thrown.getClass().getName());
    error.setMessage(Texts.cut(message(thrown), MESSAGE_CHARS_MAX));
    error.setStack(Texts.cut(stack(thrown, stackCharsMax), stackCharsMax));
    return error;
  }

  /// Type and message.
  static String brief(Throwable thrown) {
    String message = message(thrown);
    String type = thrown.getClass().getName();
    return Texts.cut(message.isEmpty() ? type : type + ": " + message, BRIEF_CHARS_MAX);
  }

  private static String message(Throwable thrown) {
    try {
      @Nullable String message = thrown.getMessage();
      return message == null ? "" : message;
    } catch (Throwable e) {
      rethrowIfFatal(e);
      return "(its message could not be read: " + e.getClass().getName() + ")";
    }
  }

  private static void rethrowIfFatal(Throwable thrown) {
    if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  private static String stack(Throwable thrown, int charsMax) {
    StringBuilder text = new StringBuilder(1_024);
    try {
      append(text, thrown, charsMax);
    } catch (Throwable e) {
      rethrowIfFatal(e);
      text.append("(the rest could not be read: ").append(e.getClass().getName()).append(")\n");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Throwable thrown, int charsMax) {
    @Nullable Throwable shown = thrown;
    StackTraceElement[] outer = {};
    for (int i = 0; shown != null && i < CAUSES_MAX && text.length() < charsMax; i++) {
      text.append(i == 0 ? "" : "Caused by: ").append(brief(shown)).append('\n');
      StackTraceElement[] frames = handlers(shown.getStackTrace());
      append(text, frames, frames.length - common(frames, outer));
      for (Throwable suppressed : shown.getSuppressed()) {
        if (text.length() < charsMax) {
          text.append("  Suppressed: ").append(brief(suppressed)).append('\n');
        }
      }
      outer = frames;
      shown = shown.getCause();
    }
  }

  private static void append(StringBuilder text, StackTraceElement[] frames, int own) {
    int shown = Math.min(own, FRAMES_MAX);
    for (StackTraceElement frame : Arrays.asList(frames).subList(0, shown)) {
      text.append("  at ").append(frame).append('\n');
    }
    if (shown < frames.length) {
      text.append("  ... ").append(frames.length - shown).append(" more\n");
    }
  }

  /// Without the frames of the attempt that called the handler.
  private static StackTraceElement[] handlers(StackTraceElement[] frames) {
    for (int i = 0; i < frames.length; i++) {
      if (frames[i].getClassName().equals(Attempt.class.getName())) {
        return Arrays.copyOf(frames, i);
      }
    }
    return frames;
  }

  /// How many frames at the end both have: said once is enough.
  private static int common(StackTraceElement[] frames, StackTraceElement[] outer) {
    int same = 0;
    while (same < frames.length
        && same < outer.length
        && frames[frames.length - 1 - same].equals(outer[outer.length - 1 - same])) {
      same++;
    }
    return same;
  }
}
