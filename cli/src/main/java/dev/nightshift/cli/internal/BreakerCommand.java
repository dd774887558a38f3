package dev.nightshift.cli.internal;

import dev.nightshift.common.Breaker;
import dev.nightshift.common.BreakerChange;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.QueueName;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Sets when Nightshift itself blocks a queue.
@Command(
    name = "breaker",
    mixinStandardHelpOptions = true,
    description = {
      "Sets when Nightshift itself blocks a queue, as its events kill their workers.",
      "After the block one event is tried: if its worker lives, the queue runs again, else the next"
          + " block is twice as long, up to 1h. What is not named stays as it is; if nothing is, it"
          + " says how it is set. 'queue unblock' lifts its block at once."
    },
    footer = {
      "",
      "Example: nightshift queue breaker shop/mail on --events 5 --within 30m",
      "Example: nightshift queue breaker shop/mail off --reason 'its workers run out of memory'"
    })
final class BreakerCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(
      index = "0",
      paramLabel = "CANVAS/QUEUE",
      description = "The queue.",
      converter = QueueCommand.Queues.class)
  private QueueName queue = new QueueName("", "");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "on|off",
      description = "Whether it blocks at all.",
      converter = OnOff.class)
  private @Nullable Switch on;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "So many different events have to kill a worker, from 1 to 100 (usually 3).")
  private @Nullable Integer events;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      converter = Withins.class,
      description = "Within this time, from 1s to 24h (usually 10m).")
  private @Nullable Duration within;

  @Option(
      names = "--block",
      paramLabel = "DURATION",
      converter = Blocks.class,
      description = "How long the first block is, from 1s to 1h (usually 1m).")
  private @Nullable Duration block;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  /// Whether it blocks at all. No Boolean: that would be an option's, which may stand without a
  /// value.
  enum Switch {
    ON,
    OFF
  }

  @Override
  public Integer call() {
    if (on == Switch.OFF && !values().isEmpty()) {
      throw Commands.wrong(
          command,
          List.of(
              "off does not go with "
                  + values()
                  + ": --events, --within and --block set a breaker that is on. Leave them out, or"
                  + " say on"));
    }
    HandlerNotice notice =
        output.quiet() ? HandlerNotice.none() : HandlerNotice.of(queue, connection);
    try (Fleet fleet = connection.fleet()) {
      Breaker before = fleet.view().breakers().of(fleet.existing(queue.canvas()), queue.queue());
      if (isAsked()) {
        print(" has a breaker that is " + before.text(), false, before);
      } else {
        set(fleet, before);
      }
      notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
      return ExitCode.DONE;
    }
  }

  private boolean isAsked() {
    return on == null && events == null && within == null && block == null;
  }

  // What is said of a breaker that is on, as it was written.
  private String values() {
    ParseResult said = command.commandLine().getParseResult();
    return Stream.of("--events", "--within", "--block")
        .filter(said::hasMatchedOption)
        .map(name -> name + " " + said.matchedOption(name).originalStringValues().getFirst())
        .collect(Collectors.joining(" "));
  }

  private void set(Fleet fleet, Breaker before) {
    Breaker wanted = wanted(before);
    if (on == null && !before.on()) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the breaker of "
              + queue
              + " is off, and "
              + values()
              + " would change nothing. Switch it on with: nightshift queue breaker "
              + queue
              + " on "
              + values()
              + ". Nothing was changed");
    }
    BreakerChange change = fleet.breakers().set(wanted, actor.cause(reason));
    String now = change.after().text();
    print(
        change.changed()
            ? " now has a breaker that is " + now + " (before: " + change.before().text() + ")"
            : " already had a breaker that is " + now,
        change.changed(),
        change.after());
  }

  private void print(String text, boolean changed, Breaker breaker) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("canvas", queue.canvas());
    fields.put("queue", queue.queue());
    fields.put("changed", changed);
    fields.put("breaker", QueueReport.fields(breaker));
    output.print(queue + text, queue.toString(), fields);
  }

  private Breaker wanted(Breaker before) {
    try {
      return new Breaker(
          before.canvas(),
          before.generation(),
          before.queue(),
          Optional.ofNullable(on).map(Switch.ON::equals).orElse(before.on()),
          Optional.ofNullable(events).orElse(before.events()),
          Optional.ofNullable(within).orElse(before.within()),
          Optional.ofNullable(block).orElse(before.block()));
    } catch (IllegalArgumentException e) {
      throw Commands.wrong(command, List.of("--" + e.getMessage()));
    }
  }

  /// Reads within which time events count.
  static final class Withins implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationConverter.within(text, Breaker.SHORTEST, Breaker.WITHIN_MAX);
    }
  }

  /// Reads how long a block is.
  static final class Blocks implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationConverter.within(text, Breaker.SHORTEST, Breaker.BLOCK_MAX);
    }
  }

  /// Reads `on` or `off`.
  static final class OnOff implements ITypeConverter<Switch> {
    @Override
    public Switch convert(String text) {
      return switch (text) {
        case "on" -> Switch.ON;
        case "off" -> Switch.OFF;
        default -> throw new TypeConversionException("'" + text + "' is not allowed: on or off");
      };
    }
  }
}
