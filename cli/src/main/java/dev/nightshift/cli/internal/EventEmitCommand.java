package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.cli.internal.EmitInput.Kind;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.emitter.EventRecords;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Emits events: one payload that is an argument, or the lines of a file or of standard input.
@Command(
    name = "emit",
    mixinStandardHelpOptions = true,
    description = {
      "Emits one event, or an event for each line of a file or of standard input.",
      "Of one event it prints the id once Kafka has it durably; of lines it says how many. Each line"
          + " is one JSON value; empty lines are passed over. With -o name or -o jsonl the ids of"
          + " lines are printed as they become durable, in the order of the lines.",
      "",
      "A file is checked whole before its first event is emitted. Standard input, or a pipe given as"
          + " FILE, is emitted as it comes: a line that is wrong stops it, what was emitted before"
          + " stays, and the message says with which line to go on (--from-line). So does Ctrl-C.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nightshift event emit quakes/assess '{\"mag\":5.1}'",
      "  nightshift event emit quakes/assess '{\"mag\":5.1}' --in 10m",
      "  nightshift event emit quakes/assess --file events.ndjson",
      "  zcat events.ndjson.gz | nightshift event emit quakes/assess - -o name > ids.txt"
    })
final class EventEmitCommand implements Callable<Integer> {
  /// Many lines outlive a broker: a cluster misses one that has died after 9 s, and then others
  /// have to take its partitions.
  private static final Duration LINES_CONFIRM_MAX = Duration.ofSeconds(30);

  /// Where no broker answers a line may wait for room, and then all for their confirmations: only
  /// then it is known with which line to go on.
  private static final Duration LINES_END_MAX = LINES_CONFIRM_MAX.multipliedBy(2).plusSeconds(5);

  /// The longest that `ce_time` is, which an event has that is due later.
  private static final Instant LONG_TIME = Instant.parse("2026-01-02T03:04:05.123456Z");

  /// The longest name of a topic that canvases share: each event there names its canvas.
  private static final String LONG_NAME = "x".repeat(63);

  @Parameters(
      index = "0",
      paramLabel = "CANVAS/QUEUE",
      description = "Where to.",
      converter = EventTarget.Targets.class)
  private EventTarget target = new EventTarget("", "");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "JSON",
      description =
          "The payload; '-' for the lines of standard input, which are also read where there is no"
              + " payload and no --file, unless it is a terminal.",
      converter = JsonTexts.class)
  private @Nullable String payload;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Emits an event for each of its lines; '-' is standard input.")
  private @Nullable String file;

  @Option(
      names = "--from-line",
      paramLabel = "N",
      converter = LineNumbers.class,
      description = "Begins with this line, from 1: to go on where something stopped.")
  private @Nullable Long fromLine;

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = EventCommand.Ids.class,
      description =
          "The event's id (default: a new UUIDv7). Not with lines. With --in or --at it takes the place"
              + " of an event with this id that is not due yet.")
  private @Nullable String id;

  @Mixin private DueOptions due;

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "One more header of each event; the handler sees it. May be repeated.")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(
      names = "--source",
      paramLabel = "NAME",
      defaultValue = "nightshift-cli",
      description = "Who emits, as the event's ce_source (default: ${DEFAULT-VALUE}).")
  private String source = "";

  @Option(
      names = "--create",
      description = "Creates the canvas, with six partitions, if there is none yet.")
  private boolean create;

  @Option(
      names = "--dry-run",
      description =
          "Only checks payloads, canvas and whether a live worker has a handler, and says how many"
              + " events it would be.")
  private boolean dryRun;

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Emission sample = emission(new byte[0]);
    EventRecords.problem(sample, Instant.now())
        .ifPresent(problem -> {
          throw wrong(problem);
        });
    EmitInput input = EmitInput.of(payload, file, Streams.inputIsTerminal());
    if (input.kind() != Kind.ARGUMENT && id != null) {
      throw wrong("--id names one event, but " + input.name() + " may have many lines");
    }
    if (input.kind() == Kind.ARGUMENT && fromLine != null) {
      throw wrong("--from-line is for --file and standard input, but the payload is an argument");
    }
    EmitterSettings settings = settings();
    return input.kind() == Kind.ARGUMENT ? one(settings) : lines(input, settings, sample);
  }

  private int one(EmitterSettings settings) {
    byte[] bytes = String.valueOf(payload).getBytes(UTF_8);
    if (dryRun) {
      return wouldEmit(1);
    }
    HandlerNotice notice = notice();
    createCanvas(settings);
    try (Emitter emitter = Emitter.connect(settings)) {
      Emitted emitted = emitter.emit(emission(bytes)).join();
      output.print(emitted.id(), emitted.id(), fields(target, emitted));
      if (due.due().isPresent() && !emitted.topic().equals(settings.plan().delayed())) {
        output.remark("its time had come, and it was emitted at once");
      }
      notice.tell(HandlerNotice.EMIT_WAIT, output::remark);
      return ExitCode.DONE;
    } catch (CompletionException e) {
      throw known(e.getCause() instanceof EmitException why ? why : e);
    }
  }

  private int lines(EmitInput input, EmitterSettings settings, Emission sample) {
    int bytesMax = EventRecords.RECORD_BYTES_MAX - overhead(sample);
    long first = Optional.ofNullable(fromLine).orElse(1L);
    long count = input.check(first, bytesMax);
    if (dryRun) {
      return wouldEmit(input.kind() == Kind.FILE ? count : input.count(System.in, first, bytesMax));
    }
    if (input.kind() == Kind.FILE && count == 0) {
      output.remark(input.nothing(first));
      return ExitCode.DONE;
    }
    HandlerNotice notice = notice();
    createCanvas(settings);
    try (Interruption interruption = Interruption.begin(LINES_END_MAX);
        Emitter emitter = Emitter.connect(settings.withConfirmTimeout(LINES_CONFIRM_MAX))) {
      LinesEmission lines =
          new LinesEmission(
              new LinesEmission.Setup(input, first, bytesMax, output.quiet()),
              bytes -> emitter.emit(emission(bytes)),
              (line, emitted) -> print(line, emitted),
              interruption::requested);
      try (EmitProgress progress = EmitProgress.begin(count, output.quiet())) {
        lines.run(input.open(System.in, lines::stopped), progress::stepTo);
      }
      int exitCode = lines.end(emitter::flush, this::ofLine);
      if (format() == Output.Format.JSON || format() == Output.Format.YAML) {
        output.print("", "", sum(lines.emitted()));
      }
      notice.tell(HandlerNotice.EMIT_WAIT, output::remark);
      return exitCode;
    }
  }

  // An emitter would do it in the name of the events' source. It is somebody who asks for it here.
  private void createCanvas(EmitterSettings settings) {
    if (!create) {
      return;
    }
    try (Fleet fleet = connection.fleet()) {
      fleet.init(settings.replication());
      if (fleet.view().canvas(target.canvas()).isEmpty()) {
        fleet.createCanvas(
            target.canvas(),
            settings.partitions(),
            settings.replication(),
            actor.cause("first event of the canvas"));
      }
    }
  }

  private HandlerNotice notice() {
    return output.quiet()
        ? HandlerNotice.none()
        : HandlerNotice.of(new QueueName(target.canvas(), target.queue()), connection);
  }

  // The command was called rightly, and something may have been emitted.
  private RuntimeException ofLine(Throwable why) {
    return why instanceof EmitException.PayloadTooLarge
        ? new CommandException(ExitCode.FAILED, String.valueOf(why.getMessage()))
        : known(why);
  }

  private RuntimeException known(Throwable why) {
    if (why instanceof EmitException.UnknownCanvas) {
      try (Fleet fleet = connection.fleet()) {
        return target.unknown(fleet.view());
      }
    }
    return why instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(why);
  }

  private void print(long line, Emitted emitted) {
    Output.Format format = format();
    if (format == Output.Format.NAME || format == Output.Format.JSONL) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("line", line);
      fields.putAll(fields(target, emitted));
      output.print(emitted.id(), emitted.id(), fields);
    }
  }

  private Output.Format format() {
    return spec.commandLine().getParseResult().matchedOptionValue("--output", Output.Format.TABLE);
  }

  private Map<String, Object> sum(long emitted) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("canvas", target.canvas());
    fields.put("queue", target.queue());
    fields.put("emitted", emitted);
    return fields;
  }

  private int wouldEmit(long count) {
    HandlerNotice notice = notice();
    try (Fleet fleet = connection.fleet()) {
      ControlView view = fleet.view();
      Optional<Canvas> canvas = view.canvas(target.canvas());
      if (canvas.isEmpty() && !create) {
        throw target.unknown(view);
      }
      if (canvas.filter(Canvas::deleted).isPresent()) {
        throw new CommandException(ExitCode.NOT_FOUND, canvas.get().deletedText());
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dryRun", true);
      fields.put("canvas", target.canvas());
      fields.put("queue", target.queue());
      fields.put("events", count);
      fields.put("createsCanvas", canvas.isEmpty());
      output.print(
          EmitProgress.events(count)
              + " would be emitted into "
              + target
              + (canvas.isEmpty() ? ", and the canvas created" : ""),
          Long.toString(count),
          fields);
      notice.tell(HandlerNotice.DRY_RUN_WAIT, output::remark);
      return ExitCode.DONE;
    }
  }

  private static Map<String, Object> fields(EventTarget target, Emitted emitted) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", emitted.id());
    fields.put("canvas", target.canvas());
    fields.put("queue", target.queue());
    fields.put("topic", emitted.topic());
    fields.put("partition", emitted.partition());
    fields.put("offset", emitted.offset());
    return fields;
  }

  private Emission emission(byte[] bytes) {
    return new Emission(
        target.canvas(),
        target.queue(),
        bytes,
        Optional.of("application/json"),
        Optional.ofNullable(id),
        headers,
        due.due());
  }

  // What a record has beside its payload, at most: whether its canvas shares a topic is not known.
  private int overhead(Emission sample) {
    TopicPlan plan = connection.plan();
    Canvas anywhere =
        new Canvas(target.canvas(), 1, plan.shared(LONG_NAME), plan.workersGroup(), false);
    return EventRecords.bytes(
        new EventRecords(source, plan)
            .record(sample, anywhere, EventRecords.newId(), Optional.empty(), LONG_TIME));
  }

  private EmitterSettings settings() {
    Map<String, Object> client = connection.client();
    TopicPlan plan = connection.plan();
    try {
      return EmitterSettings.of("", source)
          .withClientConfig(client)
          .withPlan(plan)
          .withConfirmTimeout(Connection.ANSWER_MAX)
          .withoutCreatingCanvases();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static CommandException wrong(String problem) {
    return new CommandException(ExitCode.USAGE, problem + ". Nothing was emitted");
  }

  /// Reads a payload. Quotes that the shell took away are easily forgotten.
  static final class JsonTexts implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!text.equals(EmitInput.STANDARD)) {
        JsonSyntax.mistake(text.getBytes(UTF_8))
            .ifPresent(mistake -> {
              throw new TypeConversionException(
                  "the payload is no JSON ("
                      + mistake.text()
                      + "): write one value in quotes, such as '{\"mag\":5.1}'"
                      + " or '\"text\"'");
            });
      }
      return text;
    }
  }

  /// Reads the number of a line.
  static final class LineNumbers implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return LetterWork.number(text, 1_000_000_000_000L);
    }
  }
}
