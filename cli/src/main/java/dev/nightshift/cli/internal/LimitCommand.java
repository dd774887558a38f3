package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Limit;
import dev.nightshift.common.LimitChange;
import dev.nightshift.common.QueueName;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Limits a queue over the whole fleet.
@Command(
    name = "limit",
    mixinStandardHelpOptions = true,
    description = {
      "Limits how much of a queue runs in the whole fleet, and how long one event may take.",
      "How much is handlers at once, or starts a second. What is not named stays as it is; 'none' lifts"
          + " it. Its events go through the queue's lane from then on."
    },
    footer = {"", "Example: nightshift queue limit shop/mail --concurrency 20 --rate 100/s"})
final class LimitCommand implements Callable<Integer> {
  private static final String NONE = "none";

  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "CANVAS/QUEUE",
      description = "The queue.",
      converter = QueueCommand.Queues.class)
  private QueueName queue = new QueueName("", "");

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      converter = Concurrency.class,
      description = "Handlers at once, from 1.")
  private @Nullable Wanted<Integer> concurrency;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      converter = Rate.class,
      description = "Starts in a time, such as 10/s, 600/m or 0.5/s.")
  private @Nullable Wanted<Double> rate;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Timeout.class,
      description = "How long one handler may take, such as 30s; beats what the handler says.")
  private @Nullable Wanted<Duration> timeout;

  @Option(names = "--none", description = "Lifts all limits of the queue.")
  private boolean none;

  // Its time is the usual one: --timeout is another's name here.
  @Option(
      names = "--wait",
      description = "Wait until all live workers act by it, 30s at most; exit 5 if they do not.")
  private boolean wait;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  /// What an option asks for; of nothing if a limit is lifted.
  record Wanted<T>(Optional<T> value) {
    static <T> Optional<T> or(@Nullable Wanted<T> wanted, Optional<T> before) {
      return wanted == null ? before : wanted.value();
    }
  }

  @Override
  public Integer call() {
    check();
    HandlerNotice notice =
        none || output.quiet() ? HandlerNotice.none() : HandlerNotice.of(queue, connection);
    try (Fleet fleet = connection.fleet()) {
      LimitChange change = fleet.limit(limit(fleet.view()), actor.cause(reason));
      print(change);
      notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
      if (wait) {
        Acknowledgement.await(fleet, connection, Acknowledgement.WAIT_USUAL);
      }
      return ExitCode.DONE;
    }
  }

  private void print(LimitChange change) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("canvas", queue.canvas());
    fields.put("queue", queue.queue());
    fields.put("changed", change.changed());
    fields.put("limit", QueueReport.fields(change.after()));
    output.print(
        queue
            + (change.changed() ? " is limited to: " : " was limited already to: ")
            + change.after().text()
            + change.before().map(was -> " (before: " + was.text() + ")").orElse(""),
        queue.toString(),
        fields);
  }

  private void check() {
    boolean some = concurrency != null || rate != null || timeout != null;
    if (none == some) {
      throw Commands.wrong(
          command,
          List.of(
              some
                  ? "--none lifts all limits: say it alone, or 'none' for a single one"
                  : "which limit? Say --concurrency, --rate or --timeout, or --none to lift all"));
    }
  }

  private Limit limit(ControlView view) {
    Optional<Canvas> known = none ? Optional.empty() : view.canvas(queue.canvas());
    Optional<Limit> before = known.flatMap(each -> view.limit(each, queue.queue()));
    return new Limit(
        queue.canvas(),
        known.map(Canvas::generation).orElse(1),
        queue.queue(),
        Wanted.or(concurrency, before.flatMap(Limit::concurrency)),
        Wanted.or(rate, before.flatMap(Limit::perSecond)),
        Wanted.or(timeout, before.flatMap(Limit::timeout)));
  }

  /// Reads how many handlers.
  static final class Concurrency implements ITypeConverter<Wanted<Integer>> {
    @Override
    public Wanted<Integer> convert(String text) {
      if (text.equals(NONE)) {
        return new Wanted<>(Optional.empty());
      }
      if (!text.matches("[1-9][0-9]{0,8}")) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is not allowed: a whole number from 1, or none; to stop a queue pause it");
      }
      return new Wanted<>(Optional.of(Integer.valueOf(text)));
    }
  }

  /// Reads how many starts in which time.
  static final class Rate implements ITypeConverter<Wanted<Double>> {
    private static final Pattern RATE =
        Pattern.compile("(?<count>[0-9]{1,9}([.][0-9]{1,9})?)/(?<unit>[smh])");

    @Override
    public Wanted<Double> convert(String text) {
      if (text.equals(NONE)) {
        return new Wanted<>(Optional.empty());
      }
      Matcher rate = RATE.matcher(text);
      double count = rate.matches() ? Double.parseDouble(rate.group("count")) : 0;
      if (count <= 0) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is not allowed: a number with /s, /m or /h, such as 10/s, 600/m or 0.5/s, or"
                + " none; to stop a queue pause it");
      }
      int seconds =
          switch (rate.group("unit")) {
            case "s" -> 1;
            case "m" -> 60;
            default -> 3_600;
          };
      return new Wanted<>(Optional.of(count / seconds));
    }
  }

  /// Reads a time limit.
  static final class Timeout implements ITypeConverter<Wanted<Duration>> {
    @Override
    public Wanted<Duration> convert(String text) {
      if (text.equals(NONE)) {
        return new Wanted<>(Optional.empty());
      }
      try {
        Duration duration = Durations.parse(text);
        if (duration.isPositive()) {
          return new Wanted<>(Optional.of(duration));
        }
        throw new TypeConversionException("'" + text + "' is not allowed: more than 0, or none");
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage() + "; or none");
      }
    }
  }
}
