package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagChange;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// What concerns queues: what waits in them, pausing and blocking them.
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows, pauses, blocks and limits queues.",
    subcommands = {LimitCommand.class, BreakerCommand.class})
public final class QueueCommand {
  private static final String SCOPE = "CANVAS/QUEUE";
  private static final String WHICH = "A queue; 'CANVAS/*' for all of a canvas, '*' for all.";

  /// Shows queues and what waits in them.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Shows the queues that have events, flags or a handler, and how many events wait.",
        "A handler's canvas may not have been created yet: nothing can be emitted into it then.",
        "Where there is more than can be counted while somebody waits, >= stands before what was"
            + " counted so far, and - where that is none; --exact counts all.",
        "DROPPED is how many ended within the last day as no live worker had a handler for them, by"
            + " the newest traces, >= and - also where not all of these could be looked at."
      },
      footer = {"", "Example: nightshift queue list 'shop/*' -o json"})
  int list(
      @Parameters(
              paramLabel = "SCOPE",
              arity = "0..1",
              defaultValue = "*",
              description = WHICH,
              converter = Scopes.class)
          Scope scope,
      @Mixin QueueDepths depths,
      @Mixin Output output,
      @Mixin Watch watch,
      @Mixin Connection connection) {
    return watch.show(
        output,
        () -> {
          List<QueueReport> reports = depths.report(scope, output, connection);
          Instant now = Instant.now();
          output.print(
              "queues", QueueReport.COLUMNS, reports.stream().map(each -> each.row(now)).toList());
        });
  }

  /// Shows one queue.
  @Command(
      name = "describe",
      mixinStandardHelpOptions = true,
      description = "Shows one queue: what stops it and what waits in it.",
      footer = {"", "Example: nightshift queue describe shop/mail"})
  int describe(
      @Parameters(paramLabel = SCOPE, description = "The queue.", converter = Queues.class)
          QueueName queue,
      @Mixin QueueDepths depths,
      @Mixin Output output,
      @Mixin Watch watch,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      fleet.canvas(queue.canvas());
    }
    Scope scope = Scope.queue(queue.canvas(), queue.queue());
    return watch.show(
        output,
        () -> {
          QueueReport report = depths.report(scope, output, connection).get(0);
          Map<String, Object> fields = Map.of("queue", report.fields());
          output.print(report.text(Instant.now()), queue.toString(), fields);
          report.unknown().ifPresent(output::remark);
        });
  }

  /// Stops starts, by the owner.
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description =
          "Stops starts of a queue's events, until it is resumed. Emits go on, and what runs finishes.",
      footer = {
        "",
        "Example: nightshift queue pause shop/mail --reason 'provider is down' --until 30m"
      })
  int pause(
      @Parameters(paramLabel = SCOPE, description = WHICH, converter = Scopes.class) Scope scope,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Option(
              names = "--until",
              paramLabel = "WHEN",
              converter = Ends.class,
              description = "When it ends by itself: 30m, or 2026-01-02T03:04:05Z.")
          @Nullable Instant until,
      @Mixin Actor actor,
      @Mixin Acknowledgement acknowledgement,
      @Mixin Output output,
      @Mixin Connection connection) {
    HandlerNotice notice =
        output.quiet() ? HandlerNotice.none() : HandlerNotice.of(scope, connection);
    return change(
        fleet -> {
          raised(
              fleet,
              fleet.raise(FlagKind.PAUSE, scope, actor.cause(reason), Optional.ofNullable(until)),
              scope,
              output);
          notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
        },
        acknowledgement,
        connection);
  }

  /// Lifts a pause.
  @Command(
      name = "resume",
      aliases = "unpause",
      mixinStandardHelpOptions = true,
      description = "Lifts the pause of a queue. A block stays.",
      footer = {"", "Example: nightshift queue resume shop/mail"})
  int resume(
      @Parameters(paramLabel = SCOPE, description = WHICH, converter = Scopes.class) Scope scope,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin Actor actor,
      @Mixin Acknowledgement acknowledgement,
      @Mixin Output output,
      @Mixin Connection connection) {
    return change(
        fleet -> lift(fleet, FlagKind.PAUSE, scope, actor.cause(reason), output),
        acknowledgement,
        connection);
  }

  /// Stops starts, by an admin.
  @Command(
      name = "block",
      mixinStandardHelpOptions = true,
      description =
          "Stops starts of a queue's events, until it is unblocked. Owners cannot lift it.",
      footer = {"", "Example: nightshift queue block 'shop/*' --reason 'incident 12'"})
  int block(
      @Parameters(paramLabel = SCOPE, description = WHICH, converter = Scopes.class) Scope scope,
      @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
          String reason,
      @Option(
              names = "--until",
              paramLabel = "WHEN",
              converter = Ends.class,
              description = "When it ends by itself: 30m, or 2026-01-02T03:04:05Z.")
          @Nullable Instant until,
      @Mixin Actor actor,
      @Mixin Acknowledgement acknowledgement,
      @Mixin Output output,
      @Mixin Connection connection) {
    HandlerNotice notice =
        output.quiet() ? HandlerNotice.none() : HandlerNotice.of(scope, connection);
    return change(
        fleet -> {
          raised(
              fleet,
              fleet.raise(FlagKind.BLOCK, scope, actor.cause(reason), Optional.ofNullable(until)),
              scope,
              output);
          notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
        },
        acknowledgement,
        connection);
  }

  /// Lifts a block.
  @Command(
      name = "unblock",
      mixinStandardHelpOptions = true,
      description = "Lifts the block of a queue. A pause stays.",
      footer = {"", "Example: nightshift queue unblock 'shop/*'"})
  int unblock(
      @Parameters(paramLabel = SCOPE, description = WHICH, converter = Scopes.class) Scope scope,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin Actor actor,
      @Mixin Acknowledgement acknowledgement,
      @Mixin Output output,
      @Mixin Connection connection) {
    return change(
        fleet -> lift(fleet, FlagKind.BLOCK, scope, actor.cause(reason), output),
        acknowledgement,
        connection);
  }

  private static int change(
      Consumer<Fleet> change, Acknowledgement acknowledgement, Connection connection) {
    try (Fleet fleet = connection.fleet()) {
      change.accept(fleet);
      acknowledgement.await(fleet, connection);
      return ExitCode.DONE;
    }
  }

  private static void raised(Fleet fleet, FlagChange change, Scope scope, Output output) {
    String how = change.changed() ? " is " : " was already ";
    List<Flag> now = stopping(fleet.view(), scope);
    output.print(
        scope + how + change.after().get(0).text() + before(change),
        scope.toString(),
        fields(scope, change.changed(), now));
  }

  // What it was, if something else takes its place: an end, or a reason, that counts no more.
  private static String before(FlagChange change) {
    return change.changed() && !change.before().isEmpty()
        ? " (before: " + change.before().get(0).text() + ")"
        : "";
  }

  private static void lift(Fleet fleet, FlagKind kind, Scope scope, Cause cause, Output output) {
    boolean changed = fleet.lift(kind, scope, cause).changed();
    List<Flag> left = stopping(fleet.view(), scope);
    StringBuilder text = new StringBuilder();
    text.append(scope).append(changed ? " is not " : " was not ").append(kind.state());
    text.append(changed ? " any more" : "");
    left.forEach(flag -> text.append("\n  but " + flag.scope() + " is " + flag.text()));
    output.print(text.toString(), scope.toString(), fields(scope, changed, left));
  }

  private static Map<String, Object> fields(Scope scope, boolean changed, List<Flag> flags) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("scope", scope.toString());
    fields.put("changed", changed);
    fields.put("flags", flags.stream().map(CanvasCommand::fields).toList());
    return fields;
  }

  // The flags that stop what this scope is about, or some of it.
  private static List<Flag> stopping(ControlView view, Scope scope) {
    Instant now = Instant.now();
    return view.flags().all().stream()
        .filter(flag -> flag.counts(now))
        .filter(flag -> flag.scope().overlaps(scope) && current(view, flag))
        .toList();
  }

  private static boolean current(ControlView view, Flag flag) {
    return flag.scope()
        .canvas()
        .map(name -> view.canvas(name).map(Canvas::generation).orElse(0) == flag.generation())
        .orElse(true);
  }

  /// Who makes a change.
  static final class Actor {
    @Option(
        names = "--actor",
        paramLabel = "NAME",
        defaultValue = "${NIGHTSHIFT_ACTOR:-${sys:user.name}}",
        description = "Who does it, for the audit (default: $$NIGHTSHIFT_ACTOR, or your login).")
    private String name = "";

    /// @throws CommandException if there is no name, or the reason is too long
    Cause cause(String reason) {
      try {
        return new Cause(name, reason);
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
      }
    }
  }

  /// Reads a scope.
  static final class Scopes implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String text) {
      try {
        return Scope.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads one queue.
  static final class Queues implements ITypeConverter<QueueName> {
    @Override
    public QueueName convert(String text) {
      int slash = text.indexOf('/');
      if (slash >= 0 && !text.endsWith("/*")) {
        Scope one = new Scopes().convert(text);
        return new QueueName(one.canvas().orElseThrow(), one.queue().orElseThrow());
      }
      String canvas = slash < 0 ? text : text.substring(0, slash);
      throw new TypeConversionException(
          Names.quoted(text)
              + " is not one queue: write CANVAS/QUEUE, such as quakes/assess; see what there is"
              + " with: nightshift queue list"
              + (Names.problemWithCanvas(canvas).isEmpty() ? " '" + canvas + "/*'" : ""));
    }
  }

  /// Reads an instant to come, or how long it takes until it.
  static final class Ends implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      Instant now = Instant.now();
      Instant end = read(text, now);
      if (!end.isAfter(now)) {
        throw new TypeConversionException(
            text
                + " is not in the future, it is now "
                + now.truncatedTo(ChronoUnit.SECONDS)
                + ": write a later time, or how long from now, such as 30m or 2h");
      }
      return end;
    }

    private static Instant read(String text, Instant now) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        // Perhaps a duration.
      }
      try {
        return now.plus(Durations.parse(text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + text + "' is no time: write 30m, 2h or 2026-01-02T03:04:05Z");
      }
    }
  }
}
