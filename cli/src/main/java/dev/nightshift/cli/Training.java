package dev.nightshift.cli;

import dev.nightshift.local.LocalKafka;
import dev.nightshift.local.LocalKafkaProcess;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/// Runs commands, so that Java notes in an archive which classes they load (JEP 350): with it later
/// ones start in a third of the time. The script `nightshift` does so after a build. They run on a
/// Kafka of their own, and nothing is printed.
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
          "queue paus shop/order @");

  private Training() {}

  /// Takes no arguments, and fails only if no Kafka can be started.
  public static void main(String[] args) {
    try (LocalKafkaProcess kafka = LocalKafkaProcess.start(LocalKafka.Settings.defaults());
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream())) {
      Main.quietKafka();
      System.setOut(nothing);
      System.setErr(nothing);
      for (String call : CALLS) {
        String here = call.replace("@", "--bootstrap-server " + kafka.bootstrapServers());
        Main.run(here.split(" ", -1));
      }
    }
    System.exit(0);
  }
}
