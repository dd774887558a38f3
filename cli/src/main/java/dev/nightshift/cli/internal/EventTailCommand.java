package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.Scope;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Follows the ends of events.
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the ends of events as they happen, until it is interrupted.",
      "Attempts that were lost, so that another follows, are shown if they are asked for:"
          + " --outcome lost."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event tail",
      "  nightshift event tail shop/mail --outcome errored,timed_out --since 10m",
      "  nightshift event tail shop -o jsonl | jq .event"
    })
final class EventTailCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long COUNT_MAX = 1_000_000_000_000L;
  private static final String ROW = "%-20s  %-14s  %-24s  %-36s  %7s  %12s  %s";
  private static final String HEADER =
      String.format(
          Locale.ROOT, ROW, "ENDED", "OUTCOME", "QUEUE", "EVENT", "ATTEMPT", "DURATION", "WORKER");

  @Parameters(
      paramLabel = "CANVAS[/QUEUE]",
      arity = "0..1",
      description = "Only events of this canvas or queue (default: all).",
      converter = Scopes.class)
  private Scope scope = Scope.all();

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      split = ",",
      converter = Outcomes.class,
      description = "Only those with one of these outcomes; several with commas.")
  private Set<String> outcomes = new LinkedHashSet<>();

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      converter = AuditCommand.Starts.class,
      description = "Also those that ended since then: 10m (ago), or 2026-01-02T03:04:05Z.")
  private @Nullable Instant since;

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      converter = Counts.class,
      description = "Ends after so many.")
  private @Nullable Long max;

  @Mixin private Output output;
  @Mixin private Connection connection;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Interruption interruption = Interruption.begin();
        TraceReader reader = new TraceReader(connection.client(), connection.plan())) {
      Optional.ofNullable(since).ifPresentOrElse(reader::skipTo, reader::skipAll);
      scope.canvas().ifPresent(this::checkCanvas);
      header();
      follow(reader, interruption::requested);
    }
    return ExitCode.DONE;
  }

  private void checkCanvas(String name) {
    try (Fleet fleet = connection.fleet()) {
      fleet.canvas(name); // Refuses one that there never was.
    }
  }

  private void header() {
    if (Set.of(Output.Format.TABLE, Output.Format.WIDE).contains(format())
        && !spec.commandLine().getParseResult().hasMatchedOption("--no-headers")) {
      System.out.println(HEADER);
    }
  }

  private Output.Format format() {
    return spec.commandLine().getParseResult().matchedOptionValue("--output", Output.Format.TABLE);
  }

  // A reader of the output that has seen enough shows only when something is written.
  private void follow(TraceReader reader, BooleanSupplier stop) {
    long left = Optional.ofNullable(max).orElse(Long.MAX_VALUE);
    while (!stop.getAsBoolean() && !System.out.checkError()) {
      List<Trace> ended = reader.poll(POLL).stream().filter(this::takes).toList();
      for (Trace trace : ended) {
        output.print(row(trace), trace.getEventId(), TraceFields.brief(trace));
        System.out.print(output.separator());
        left--;
        if (left == 0 || System.out.checkError()) {
          return;
        }
      }
    }
  }

  private boolean takes(Trace trace) {
    Instant start = since;
    return scope.covers(trace.getCanvas(), trace.getQueue())
        && (outcomes.isEmpty()
            ? !Outcome.LOST.is(trace.getOutcome())
            : outcomes.contains(trace.getOutcome()))
        && (start == null || !trace.getEndedAt().isBefore(start));
  }

  private static String row(Trace trace) {
    return String.format(
        Locale.ROOT,
        ROW,
        trace.getEndedAt().truncatedTo(ChronoUnit.SECONDS),
        trace.getOutcome(),
        Output.cell(trace.getCanvas() + "/" + trace.getQueue()),
        Output.cell(trace.getEventId()),
        trace.getAttempt(),
        trace.getStartedAt() == null ? "-" : TraceText.millis(TraceFields.millis(trace)),
        Output.cell(trace.getWorker()));
  }

  /// Reads a canvas or a queue.
  static final class Scopes implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String text) {
      try {
        return text.indexOf('/') < 0 && !text.equals("*") ? Scope.canvas(text) : Scope.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads an outcome.
  static final class Outcomes implements ITypeConverter<String> {
    private static final List<String> ALL =
        Stream.of(Outcome.values()).map(Outcome::label).toList();

    @Override
    public String convert(String text) {
      String outcome = text.strip().toLowerCase(Locale.ROOT);
      if (!ALL.contains(outcome)) {
        throw new TypeConversionException(
            Names.quoted(text) + " is no outcome: " + String.join(", ", ALL));
      }
      return outcome;
    }
  }

  /// Reads how many.
  static final class Counts implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return LetterWork.number(text, COUNT_MAX);
    }
  }
}
