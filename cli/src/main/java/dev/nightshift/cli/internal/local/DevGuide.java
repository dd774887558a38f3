package dev.nightshift.cli.internal.local;

import dev.nightshift.common.QueueName;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What `nightshift dev` says when it is ready: what there is, and what to do next. Pure, but for
/// the name of the command, which the script that started it gives.
record DevGuide(String address, Path data, Path handlers) {
  private static final QueueName EXAMPLE = new QueueName("quakes", "assess");

  String text(List<QueueName> queues, double seconds) {
    String command = System.getProperty("nightshift.command", "nightshift");
    String emit =
        queues.contains(EXAMPLE)
            ? EXAMPLE + " '{\"id\":\"x\",\"mag\":5.1}'"
            : (queues.isEmpty() ? "CANVAS/QUEUE" : queues.get(0)) + " '{\"hello\":\"world\"}'";
    return """

    Ready after %s s.
      Kafka     %s
      data      %s
      handlers  %s
      queues    %s

    In another terminal:
      export NIGHTSHIFT_BOOTSTRAP_SERVER=%s
      %s event emit %s --create
      %s event trace ID
      %s event tail
      %s queue list

    Ctrl-C ends it. What was emitted is kept for the next start; --fresh drops it.
    """
        .formatted(
            String.format(Locale.ROOT, "%.1f", seconds),
            address,
            data,
            handlers,
            queues.isEmpty()
                ? "none yet: put handler JARs into that folder, they are taken at once"
                : String.join(", ", queues.stream().map(QueueName::toString).toList()),
            address,
            command,
            emit,
            command,
            command,
            command);
  }
}
