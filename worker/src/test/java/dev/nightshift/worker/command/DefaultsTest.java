package dev.nightshift.worker.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class DefaultsTest {
  @TempDir private Path folder;

  @Command(mixinStandardHelpOptions = true)
  static final class Some {
    @Option(names = "--retry-delays", split = ",")
    private List<String> delays = List.of("1s");

    @Option(names = {"-n", "--number"})
    private int number = 1;

    @Option(names = "--config")
    private Path config = Path.of("none");
  }

  @Test
  void a_flag_beats_the_environment_which_beats_the_file() throws IOException {
    Path file = file("retry-delays=2s,3s\nnumber=2\n");
    assertEquals(List.of("2s", "3s"), parsed(Map.of(), "--config", file.toString()).delays);
    assertEquals(2, parsed(Map.of("NIGHTSHIFT_CONFIG", file.toString())).number);
    Map<String, String> environment = Map.of("NIGHTSHIFT_NUMBER", " 3 ");
    assertEquals(3, parsed(environment, "--config=" + file).number);
    assertEquals(4, parsed(environment, "--config=" + file, "-n", "4").number);
    assertEquals(1, parsed(Map.of("NIGHTSHIFT_NUMBER", "")).number, "nothing said is not said");
  }

  @Test
  void settings_of_kafka_go_through() throws IOException {
    Path file = file("kafka.client.id=f\nkafka.acks=all\n");
    CommandLine line = line(Map.of("NIGHTSHIFT_KAFKA_CLIENT_ID", "e"), "--config", file.toString());
    assertEquals(
        Map.of("client.id", "e", "acks", "all"), Defaults.of(line.getCommandSpec()).kafka());
  }

  @Test
  void what_is_not_known_is_refused_with_the_nearest_that_is() throws IOException {
    Path file = file("numbr=2\nkafka.sesion.timeout.ms=1\nkafka.my.plugins.own=x\n");
    CommandLine line =
        line(
            Map.of("NIGHTSHIFT_NUMBERS", "1", "NIGHTSHIFT_SERVICE_HOST", "10.0.0.1"),
            "--config",
            file.toString());
    assertEquals(
        List.of(
            "there is no key numbr; did you mean number?",
            "there is no variable NIGHTSHIFT_NUMBERS; did you mean NIGHTSHIFT_NUMBER?",
            "there is no setting of Kafka's clients, sesion.timeout.ms; did you mean"
                + " session.timeout.ms?"),
        Defaults.of(line.getCommandSpec()).problems(line.getCommandSpec()));
  }

  @Test
  void a_file_that_is_not_there_is_a_problem() {
    Path missing = folder.resolve("missing");
    CommandLine line = line(Map.of(), "--config", missing.toString());
    assertEquals(
        List.of("file '" + missing + "' with the settings does not exist"),
        Defaults.of(line.getCommandSpec()).problems(line.getCommandSpec()));
  }

  @Test
  void what_is_in_force_is_shown_with_its_source_and_without_secrets() throws IOException {
    Path file = file("retry-delays=2s,3s\n");
    CommandLine line = line(Map.of(), "--config", file.toString(), "-n", "4");
    line.parseArgs("--config", file.toString(), "-n", "4");
    assertEquals(
        List.of(
            "retry-delays=2s,3s (file)",
            "number=4 (flag)",
            "config=" + file + " (flag)",
            "kafka.acks=all",
            "kafka.sasl.jaas.config=(hidden)",
            "kafka.ssl.key.password=(hidden)"),
        EffectiveSettings.of(
            line.getCommandSpec(),
            Map.of("sasl.jaas.config", "a", "ssl.key.password", "b", "acks", "all")));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("some.properties"), text);
  }

  private static Some parsed(Map<String, String> environment, String... arguments) {
    CommandLine line = line(environment, arguments);
    line.parseArgs(arguments);
    return line.getCommand();
  }

  private static CommandLine line(Map<String, String> environment, String... arguments) {
    CommandLine line = new CommandLine(new Some());
    Defaults.install(line, List.of(arguments), environment);
    return line;
  }
}
