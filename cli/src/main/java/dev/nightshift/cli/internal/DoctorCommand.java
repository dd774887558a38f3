package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.doctor.Doctor;
import dev.nightshift.cli.internal.doctor.Finding;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import dev.nightshift.worker.WorkerSettings;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what is wrong with a cluster and a fleet, and how to mend it.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a cluster and the fleet on it, and says what mends what is wrong.",
      "One line for each check, with what was seen and what is wanted. Changes nothing; to compare the"
          + " clocks it writes one record that is ignored by everybody."
    },
    footer = {
      "",
      "Ends with 0 if nothing is wrong, warnings or not; with 1 if something is.",
      "",
      "Example: nightshift doctor --bootstrap-server kafka:9092 --recovery 10s"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--recovery",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "How soon the events of a worker that died should be started again, such as 30s (default:"
              + " 10s).")
  private Duration recovery = Duration.ofSeconds(10);

  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    Doctor.Patient patient =
        new Doctor.Patient(
            connection.client(),
            connection.plan(),
            new Doctor.Options(connection.kafkaOptions(), connection.ownOptions()),
            Connection.ANSWER_MAX);
    List<Finding> findings;
    try (Doctor doctor = new Doctor(patient)) {
      findings = doctor.examine(recovery, WorkerSettings.SESSION_DEFAULT);
    }
    output.print(
        "findings",
        findings.stream().map(Finding::text).collect(Collectors.joining("\n")),
        findings.stream()
            .map(each -> new Output.Row(each.check(), List.of(), each.fields()))
            .toList());
    output.remark(
        "%d ok, %d warnings, %d wrong"
            .formatted(
                count(findings, Level.OK),
                count(findings, Level.WARNING),
                count(findings, Level.WRONG)));
    return count(findings, Level.WRONG) == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(each -> each.level() == level).count();
  }
}
