package dev.nightshift.cli;

import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs commands, a worker and a scheduler, so that Java notes in an archive which classes they
/// load (JEP 350, JEP 514): with it later ones start in a third of the time. The script
/// `nightshift` does so after a build, and so does the image's. They run on a Kafka of their own,
/// and nothing is printed.
public final class Training {
  /// Each kind of thing that commands do: change, count, find, explain, refuse. `@` is the server.
  private static final List<String> CALLS =
      List.of(
          "init @",
          "event emit shop/order {} --create --id 0198c0de-0000-7000-8000-000000000000 @",
          "event get 0198c0de-0000-7000-8000-000000000000 @",
          "event trace 0198c0de-0000-7000-8000-000000000000 @",
          "queue pause shop/order --reason training @",
          "queue list @",
          "queue describe shop/order -o json @",
          "queue limit shop/order --concurrency 5 @",
          "queue resume shop/order -o yaml @",
          "canvas list @",
          "canvas describe shop @",
          "workers list @",
          "dead list @",
          "audit @",
          "doctor @",
          "completion bash",
          "queue --help",
          "queue paus shop/order @",
          "event trace 0198c0de-0000-7000-8000-000000000000 --wait --timeout 60s @");

  /// What goes on beside them, until all ends. `%` is a folder without handlers.
  private static final List<String> PROCESSES =
      List.of("worker --allow-empty --handlers % --admin-port 0 @", "scheduler --admin-port 0 @");

  private Training() {}

  /// Takes no arguments, and fails only if no Kafka and no folder can be made.
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("nightshift-training");
    try (LocalKafkaProcess kafka = LocalKafkaProcess.start(LocalKafka.Settings.defaults());
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream())) {
      Main.quietKafka();
      System.setOut(nothing);
      System.setErr(nothing);
      for (String call : PROCESSES) {
        Thread.ofPlatform().daemon().start(() -> run(call.replace("%", folder.toString()), kafka));
      }
      CALLS.forEach(call -> run(call, kafka));
    }
    Files.delete(folder);
    System.exit(0);
  }

  private static void run(String call, LocalKafkaProcess kafka) {
    String here = call.replace("@", "--bootstrap-server " + kafka.bootstrapServers());
    Main.run(here.split(" ", -1));
  }
}
