package dev.nightshift.bench;

import dev.nightshift.bench.report.JsonText;
import dev.nightshift.bench.report.Machine;
import dev.nightshift.bench.report.MarkdownText;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.run.BenchRun;
import dev.nightshift.bench.run.Runs;
import dev.nightshift.bench.stage.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures, and prints what was measured as Markdown.
@Command(
    name = "./dev bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures Nightshift beside its yardsticks, in the same run.")
public final class Bench implements Callable<Integer> {
  @Spec private CommandSpec command;

  /// What there is to measure.
  static final class RunNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Runs.ALL.stream(), Stream.of(Runs.MICRO)).map(BenchRun::name).iterator();
    }
  }

  @Parameters(
      paramLabel = "NAME",
      description = "What to measure (default: all but jmh): ${COMPLETION-CANDIDATES}.",
      completionCandidates = RunNames.class)
  private List<String> names = new ArrayList<>();

  @Option(names = "--runs", description = "How often each side runs (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--events", description = "How many events each side runs in a round.")
  private @Nullable Integer events;

  @Option(
      names = "--side",
      paramLabel = "SIDE",
      description =
          "Runs this side only, as the report names it, of runs that drain the same events by"
              + " several; may be repeated.")
  private List<String> sides = new ArrayList<>();

  @Option(
      names = "--canvases",
      description = "How many canvases where there are many (default: ${DEFAULT-VALUE}).")
  private int canvases = 1_000;

  @Option(
      names = "--jvm",
      paramLabel = "FLAGS",
      split = " ",
      description = "Flags of each side's JVM, in one argument (default: ${DEFAULT-VALUE}).")
  private List<String> flags = List.of("-Xms1g", "-Xmx1g");

  @Option(
      names = "--folder",
      description = "Where the sides' logs and result.json go (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("bench", "target", "bench");

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Writes what was measured there, too, as Markdown.")
  private @Nullable Path markdown;

  /// Measures what the arguments name.
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    checkAtLeastOne("--runs", rounds);
    checkAtLeastOne("--events", events);
    checkAtLeastOne("--canvases", canvases);
    List<BenchRun> chosen = chosen();
    checkSides(chosen);
    Setting setting =
        new Setting(
            rounds,
            events == null ? OptionalInt.empty() : OptionalInt.of(events),
            Set.copyOf(sides),
            canvases,
            flags,
            folder,
            System.err::println);
    Machine machine = Machine.here();
    List<Report> reports = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    System.out.println(MarkdownText.head(machine, flags));
    for (BenchRun run : chosen) {
      try {
        Report report = run.measure(setting);
        reports.add(report);
        System.out.println(MarkdownText.of(report));
      } catch (RuntimeException e) { // The others are worth their time all the same.
        boolean told = e instanceof IllegalArgumentException;
        failures.add(run.name() + " failed: " + (told ? e.getMessage() : e));
        System.err.println(failures.getLast());
      }
    }
    write(machine, reports);
    return failures.isEmpty() ? 0 : 1;
  }

  private void checkAtLeastOne(String option, @Nullable Integer number) {
    if (number != null && number < 1) {
      throw new ParameterException(
          command.commandLine(), option + " " + number + " is not allowed: at least 1");
    }
  }

  private void checkSides(List<BenchRun> chosen) {
    String whole = names(chosen.stream().filter(run -> !run.choosesSides()));
    if (!sides.isEmpty() && !whole.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "--side is not for "
              + whole
              + ", where all sides always run; it is for "
              + names(Runs.ALL.stream().filter(BenchRun::choosesSides)));
    }
  }

  private static String names(Stream<BenchRun> runs) {
    return runs.map(BenchRun::name).collect(Collectors.joining(", "));
  }

  private void write(Machine machine, List<Report> reports) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("result.json"), JsonText.of(machine, reports));
    if (markdown != null) {
      String sections = reports.stream().map(MarkdownText::of).collect(Collectors.joining("\n"));
      Files.writeString(markdown, MarkdownText.head(machine, flags) + "\n" + sections);
    }
  }

  private List<BenchRun> chosen() {
    return names.isEmpty() ? Runs.ALL : names.stream().map(this::find).toList();
  }

  private BenchRun find(String name) {
    List<BenchRun> all = Stream.concat(Runs.ALL.stream(), Stream.of(Runs.MICRO)).toList();
    return all.stream()
        .filter(run -> run.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                command.commandLine(),
                "there is no run '" + name + "'; there are " + names(all.stream())));
  }
}
