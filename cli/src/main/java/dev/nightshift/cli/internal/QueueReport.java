package dev.nightshift.cli.internal;

import dev.nightshift.common.Breaker;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is known of one queue. Immutable.
///
/// @param canvas empty if no canvas of that name exists
/// @param breaker what its breaker says beside its flags
/// @param exact whether the depth is all of it, or at least so much
/// @param exactButDelayed whether what is not delayed is all of it, or at least so much and so old
/// @param dropped what has ended without a handler
record QueueReport(
    QueueName name,
    Optional<Canvas> canvas,
    List<Flag> flags,
    Optional<Lane> lane,
    Optional<Limit> limit,
    Guard breaker,
    QueueDepth depth,
    boolean exact,
    boolean exactButDelayed,
    Dropped dropped) {
  /// Before a count that is a bound. No sign that a terminal may not have: it would look like a
  /// count.
  static final String AT_LEAST = ">= ";

  /// Instead of a bound that is nothing, in a table and in a text.
  private static final String NONE_YET = "-";

  private static final String NONE_SO_FAR = "none so far";

  private static final String LIMITED = "limited";
  private static final String ON_TRIAL = "on trial";

  /// What a queue's breaker says.
  ///
  /// @param set how somebody has set it
  /// @param trial its block that is over, while the queue is tried
  record Guard(Optional<Breaker> set, Optional<Flag> trial) {
    static final Guard NONE = new Guard(Optional.empty(), Optional.empty());

    static Guard of(ControlView view, Canvas canvas, String queue, Instant now) {
      return new Guard(
          view.breakers().set(canvas, queue),
          view.breakers().trip(canvas, queue).filter(flag -> !flag.counts(now)));
    }
  }

  static final Output.Columns COLUMNS =
      new Output.Columns(
          List.of(
              "QUEUE",
              "STATE",
              "DEPTH",
              "WAITING",
              "IN LANE",
              "RETRYING",
              "RUNNING",
              "DELAYED",
              "OLDEST",
              "DROPPED"),
          List.of("LIMIT", "FLAGS", "TOPIC", "LANE"));

  /// What was counted of all queues.
  record Counted(SortedMap<QueueName, QueueDepth> depths, boolean exact, boolean exactButDelayed) {
    static Counted of(Backlog backlog) {
      return new Counted(backlog.depths(), backlog.complete(), backlog.completeButDelayed());
    }
  }

  /// All queues of a scope that have events, flags, a lane or a handler, and the scope's own.
  static List<QueueReport> of(
      Scope scope, ControlView view, Counted counted, Dropped dropped, Instant now) {
    Map<QueueName, QueueReport> reports = new TreeMap<>();
    Set<QueueName> names = new TreeSet<>(counted.depths().keySet());
    names.addAll(dropped.counts().keySet());
    dropped.handled().stream().filter(name -> !isDeleted(view, name)).forEach(names::add);
    view.lanes().stream()
        .filter(lane -> current(view, lane.canvas(), lane.generation()))
        .forEach(lane -> names.add(new QueueName(lane.canvas(), lane.queue())));
    view.limits().stream()
        .filter(limit -> current(view, limit.canvas(), limit.generation()))
        .forEach(limit -> names.add(new QueueName(limit.canvas(), limit.queue())));
    view.breakers().all().stream()
        .filter(breaker -> current(view, breaker.canvas(), breaker.generation()))
        .forEach(breaker -> names.add(new QueueName(breaker.canvas(), breaker.queue())));
    for (Flag flag : view.flags().all()) {
      if (isShown(view, flag, now)) {
        String canvas = flag.scope().canvas().orElseThrow();
        if (current(view, canvas, flag.generation())) {
          names.add(new QueueName(canvas, flag.scope().queue().get()));
        }
      }
    }
    scope.queue().ifPresent(queue -> names.add(new QueueName(scope.canvas().orElseThrow(), queue)));
    for (QueueName name : names) {
      if (scope.covers(name.canvas(), name.queue())) {
        Optional<Canvas> canvas = view.canvas(name.canvas());
        QueueDepth depth = counted.depths().getOrDefault(name, QueueDepth.NONE);
        reports.put(
            name,
            new QueueReport(
                name,
                canvas,
                canvas.map(c -> view.flags().stopping(c, name.queue(), now)).orElse(List.of()),
                canvas.flatMap(c -> view.lane(c, name.queue())),
                canvas.flatMap(c -> view.limit(c, name.queue())),
                canvas.map(c -> Guard.of(view, c, name.queue(), now)).orElse(Guard.NONE),
                depth,
                counted.exact(),
                counted.exactButDelayed(),
                dropped));
      }
    }
    return List.copyOf(reports.values());
  }

  // Also a breaker's block that is over, as long as it was not lifted: its queue is tried.
  private static boolean isShown(ControlView view, Flag flag, Instant now) {
    return flag.scope()
        .queue()
        .filter(queue ->
            flag.counts(now)
                || view.canvas(flag.scope().canvas().orElseThrow())
                    .flatMap(canvas -> view.breakers().trip(canvas, queue))
                    .isPresent())
        .isPresent();
  }

  private static boolean isDeleted(ControlView view, QueueName name) {
    return view.canvas(name.canvas()).filter(Canvas::deleted).isPresent();
  }

  private static boolean current(ControlView view, String canvas, int generation) {
    return view.canvas(canvas).filter(each -> each.generation() == generation).isPresent();
  }

  Output.Row row(Instant now) {
    return new Output.Row(
        name.toString(),
        List.of(
            name.toString(),
            state(QueueReport::shortly),
            total(NONE_YET),
            count(depth.waiting(), NONE_YET),
            count(depth.inLane(), NONE_YET),
            count(depth.retrying(), NONE_YET),
            count(depth.running(), NONE_YET),
            delayed(NONE_YET),
            depth.oldest().map(at -> least() + ago(at, now)).orElse("-"),
            droppedKnown().orElse("-"),
            limit.map(Limit::text).orElse("-"),
            flags.isEmpty() ? "-" : flagsText(),
            canvas.map(Canvas::topic).orElse("-"),
            lane.map(Lane::topic).orElse("-")),
        fields());
  }

  private String flagsText() {
    return flags.stream()
        .map(flag -> flag.scope() + " is " + flag.text())
        .collect(Collectors.joining("; "));
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("canvas", name.canvas());
    fields.put("queue", name.queue());
    fields.put("state", state());
    fields.put("exact", exact);
    fields.put("depth", depth.total());
    fields.put("waiting", depth.waiting());
    fields.put("inLane", depth.inLane());
    fields.put("retrying", depth.retrying());
    fields.put("running", depth.running());
    fields.put("delayed", depth.delayed());
    depth.oldest().ifPresent(at -> fields.put("oldestEmittedAt", at.toString()));
    limit.ifPresent(each -> fields.put("limit", fields(each)));
    breaker.set().ifPresent(each -> fields.put("breaker", fields(each)));
    fields.put("dropped", droppedFields());
    fields.put("flags", flags.stream().map(CanvasCommand::fields).toList());
    lane.ifPresent(each -> fields.put("laneTopic", each.topic()));
    return fields;
  }

  static Map<String, Object> fields(Limit limit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    limit.concurrency().ifPresent(value -> fields.put("concurrency", value));
    limit.perSecond().ifPresent(value -> fields.put("perSecond", value));
    limit.timeout().ifPresent(value -> fields.put("timeoutMillis", value.toMillis()));
    return fields;
  }

  static Map<String, Object> fields(Breaker breaker) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("on", breaker.on());
    fields.put("events", breaker.events());
    fields.put("withinMillis", breaker.within().toMillis());
    fields.put("blockMillis", breaker.block().toMillis());
    return fields;
  }

  String text(Instant now) {
    StringBuilder text = new StringBuilder();
    line(text, "queue", name.toString());
    line(text, "state", state());
    flags.forEach(flag -> line(text, "", flag.scope() + " is " + flag.text()));
    breaker
        .trial()
        .ifPresent(flag -> line(text, "", "one event at once runs; it was " + flag.text()));
    limit.ifPresent(each -> line(text, "limit", each.text()));
    breaker.set().ifPresent(each -> line(text, "breaker", each.text()));
    line(text, "depth", total(NONE_SO_FAR));
    line(text, "  waiting", count(depth.waiting(), NONE_SO_FAR));
    line(text, "  in lane", count(depth.inLane(), NONE_SO_FAR));
    line(text, "  retrying", count(depth.retrying(), NONE_SO_FAR));
    line(text, "  running", count(depth.running(), NONE_SO_FAR));
    line(text, "  delayed", delayed(NONE_SO_FAR));
    depth
        .oldest()
        .ifPresent(
            at -> line(text, "oldest", least() + ago(at, now) + " ago (emitted at " + at + ")"));
    line(text, "dropped", droppedLine());
    if (dropped.of(name) > 0) {
      line(
          text,
          "",
          "no live worker had a handler for them"
              + dropped.nearest(name).map(near -> "; did you mean " + near + "?").orElse(""));
    }
    canvas.ifPresent(each -> line(text, "topic", each.topic()));
    lane.ifPresent(each -> line(text, "lane", each.topic()));
    return text.toString().stripTrailing();
  }

  /// What to say of a queue that nothing is known of: mostly its name is mistyped. Nothing where no
  /// worker lives, or not all was counted.
  Optional<String> unknown() {
    boolean known =
        depth.total() > 0
            || dropped.of(name) > 0
            || lane.isPresent()
            || limit.isPresent()
            || breaker.set().isPresent()
            || flags.stream().anyMatch(flag -> flag.scope().queue().isPresent());
    Set<QueueName> handled = dropped.handled();
    return known || !exact || handled.isEmpty() || handled.contains(name)
        ? Optional.empty()
        : Optional.of(
            "nothing waits in "
                + name
                + ", nothing is set for it, and no live worker has a handler for it"
                + dropped.nearest(name).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  private Map<String, Object> droppedFields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", dropped.of(name));
    fields.put("exact", dropped.all());
    fields.put("withinSeconds", Dropped.WINDOW.toSeconds());
    if (dropped.of(name) > 0) {
      dropped.nearest(name).ifPresent(near -> fields.put("nearest", near.toString()));
    }
    return fields;
  }

  private String droppedLine() {
    String window = "the last " + Durations.text(Dropped.WINDOW);
    return droppedKnown()
        .map(count -> count + " of " + window)
        .orElse("none was seen, but not all of " + window + " was looked at");
  }

  // That it is nothing or more says nothing.
  private Optional<String> droppedKnown() {
    long count = dropped.of(name);
    return dropped.all() || count > 0
        ? Optional.of((dropped.all() ? "" : AT_LEAST) + number(count))
        : Optional.empty();
  }

  private String state() {
    return state(_ -> LIMITED);
  }

  // All that holds: a queue may be paused, blocked and limited at once.
  private String state(Function<Limit, String> limited) {
    if (canvas.isEmpty()) {
      return "no canvas";
    }
    if (canvas.get().deleted()) {
      return "canvas deleted";
    }
    Stream<String> stopped =
        flags.stream().map(Flag::kind).distinct().sorted().map(FlagKind::state);
    Stream<String> trial = breaker.trial().stream().map(_ -> ON_TRIAL);
    List<String> states =
        Stream.of(stopped, trial, limit.stream().map(limited)).flatMap(each -> each).toList();
    return states.isEmpty() ? "active" : String.join(", ", states);
  }

  // The number alone says which limit it is.
  private static String shortly(Limit limit) {
    return LIMITED + " " + limit.text().replace("concurrency ", "");
  }

  private String total(String none) {
    return bounded(depth.total(), exact, none);
  }

  // If the whole is exact, this is; if it is not, this may not be.
  private String delayed(String none) {
    return bounded(depth.delayed(), exact, none);
  }

  private String count(long count, String none) {
    return bounded(count, exactButDelayed, none);
  }

  // That it is nothing or more says nothing.
  private static String bounded(long count, boolean isExact, String none) {
    return isExact ? number(count) : count == 0 ? none : AT_LEAST + number(count);
  }

  private String least() {
    return exactButDelayed ? "" : AT_LEAST;
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String ago(Instant at, Instant now) {
    Duration age = Duration.between(at, now).truncatedTo(ChronoUnit.SECONDS);
    return Durations.text(age.isNegative() ? Duration.ZERO : age);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-12s%s%n".formatted(name, value));
  }
}
