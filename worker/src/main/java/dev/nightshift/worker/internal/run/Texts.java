package dev.nightshift.worker.internal.run;

/// Text of bounded length. Pure.
final class Texts {
  private Texts() {}

  /// The text, or as much of it as fits, with an ellipsis at the end.
  static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int end = charsMax - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
