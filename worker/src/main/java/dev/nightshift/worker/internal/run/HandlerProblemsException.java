package dev.nightshift.worker.internal.run;

import java.util.List;

/// Handlers cannot be used. The message lists everything that is wrong with them, so that one look
/// is enough.
public final class HandlerProblemsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  HandlerProblemsException(String place, List<String> problems) {
    super(message(place, problems));
    this.problems = List.copyOf(problems);
  }

  /// The problems, each naming JAR and class where it has them, what is wrong and what to do.
  public List<String> problems() {
    return problems;
  }

  private static String message(String place, List<String> problems) {
    StringBuilder message = new StringBuilder("the handlers in ");
    message.append(place).append(" cannot be used, ").append(problems.size());
    message.append(problems.size() == 1 ? " problem:" : " problems:");
    for (String problem : problems) {
      message.append("\n- ").append(problem);
    }
    return message.toString();
  }
}
