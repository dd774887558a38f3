package dev.nightshift.cli.internal;

import static dev.nightshift.cli.internal.AuditCommand.age;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Flag;
import dev.nightshift.common.backlog.EventPlace;
import dev.nightshift.common.dead.DeadLetters.Found;
import dev.nightshift.common.dead.Letter;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What is known of one event. Immutable.
///
/// @param place where it is, if it has not ended; or where it was, if nothing else is known of it
/// @param traces of its attempts, the oldest first
/// @param letter its dead letter, if it has one
/// @param flags that stop its queue now
/// @param workerLives whether the worker that runs it has said so lately; true where none runs it
record EventState(
    String id,
    Optional<EventPlace> place,
    List<Trace> traces,
    Optional<Found> letter,
    List<Flag> flags,
    boolean workerLives) {
  /// @param place where it seems to be: a trace that ended it there counts more, as a worker stores
  ///   the trace first
  static EventState of(String id, Optional<EventPlace> place, List<Trace> traces) {
    Optional<String> endedAt = EventTraces.last(traces).map(Trace::getOrigin);
    Optional<EventPlace> real =
        place.filter(where -> !endedAt.equals(Optional.of(where.event().origin())));
    return new EventState(id, real, traces, Optional.empty(), List.of(), true);
  }

  EventState with(Optional<Found> found) {
    return new EventState(id, place, traces, found, flags, workerLives);
  }

  /// With the flags that stop its queue.
  EventState with(ControlView view) {
    List<Flag> stopping =
        place
            .flatMap(where -> view.canvas(where.canvas()))
            .map((Canvas canvas) ->
                view.flags().stopping(canvas, place.orElseThrow().event().queue(), Instant.now()))
            .orElse(List.of());
    return new EventState(id, place, traces, letter, stopping, workerLives);
  }

  EventState withWorkerLives(boolean lives) {
    return new EventState(id, place, traces, letter, flags, lives);
  }

  /// Whether anything was found.
  boolean known() {
    return place.isPresent() || letter.isPresent() || !traces.isEmpty();
  }

  /// The trace that ended it; empty if it has not ended, or that trace is gone.
  Optional<Trace> endTrace() {
    return place.isPresent() ? Optional.empty() : EventTraces.last(traces);
  }

  /// `delayed`, `waiting`, `in_lane`, `retrying`, `running`, `ended`; or `moving`, when only lost
  /// attempts are on record and it lies nowhere at the moment.
  String state() {
    if (place.isEmpty()) {
      return endTrace().isPresent() || letter.isPresent() ? "ended" : "moving";
    }
    return switch (place.get().mark()) {
      case COMPLETED -> "ended";
      case CLAIMED -> "running";
      case UNTOUCHED, HANDED_BACK ->
          switch (place.get().kind()) {
            case EVENTS -> "waiting";
            case LANE -> "in_lane";
            case RETRY -> "retrying";
            case DELAYED -> "delayed";
          };
    };
  }

  /// How it ended.
  Optional<String> outcome() {
    return place.isPresent()
        ? Optional.empty()
        : endTrace()
            .map(Trace::getOutcome)
            .or(() -> letter.map(Found::letter).map(Letter::outcome));
  }

  /// `CANVAS/QUEUE`.
  String queue() {
    return place
        .map(where -> where.canvas() + "/" + where.event().queue())
        .or(() -> newest().map(trace -> trace.getCanvas() + "/" + trace.getQueue()))
        .or(() -> letter.map(found -> found.letter().target()))
        .orElse("?");
  }

  private Optional<Trace> newest() {
    return traces.isEmpty() ? Optional.empty() : Optional.of(traces.get(traces.size() - 1));
  }

  /// The state as a sentence for people.
  String sentence(Instant now) {
    if (place.isEmpty()) {
      return outcome()
          .orElse("moving: its attempt was lost, and it is on its way to the next; ask again");
    }
    EventPlace where = place.get();
    String in = " in " + where.text();
    return switch (state()) {
      case "running" ->
          "running on "
              + where.writer().orElse("a worker that is not known")
              + (workerLives
                  ? ""
                  : ", which is silent: its attempt counts as lost when the partition moves on");
      case "ended" ->
          "ended; how is not known: it left no trace (see --traces of the workers), or it is gone by"
              + " now";
      case "retrying" -> "retrying" + due(now) + in;
      case "in_lane" -> "in its lane:" + in;
      case "delayed" -> delayed(where, now) + in;
      default -> "waiting" + (where.mark() == Mark.HANDED_BACK ? ", handed back," : "") + in;
    };
  }

  private static String delayed(EventPlace where, Instant now) {
    Optional<Instant> due = where.due();
    String until =
        due.filter(now::isBefore)
            .map(at -> "delayed until " + at + " (in " + age(Duration.between(now, at)) + ")")
            .orElse(
                "delayed until "
                    + due.map(Instant::toString).orElse("an unknown time")
                    + ", which no scheduler has noticed yet");
    String asked =
        where
            .event()
            .header(EventHeaders.CANCEL)
            .map(who -> ", to be cancelled as " + who + " asks")
            .orElse("");
    boolean plain = due.filter(now::isBefore).isPresent() && asked.isEmpty();
    return until + asked + (plain ? "" : ",");
  }

  private String due(Instant now) {
    return place
        .flatMap(where -> where.event().notBefore())
        .map(due ->
            due.isAfter(now)
                ? " at " + due + " (in " + age(Duration.between(now, due)) + ")"
                : " as soon as there is room")
        .orElse("");
  }

  /// The event's headers, as far as they are known; of those that Nightshift gives it the ones that
  /// say something.
  Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>();
    place.ifPresent(where -> {
      for (Header header : where.event().record().headers()) {
        where.event().header(header.key()).ifPresent(value -> headers.put(header.key(), value));
      }
    });
    if (place.isEmpty()) {
      newest()
          .ifPresent(trace -> {
            headers.putAll(trace.getHeaders());
            putIfThere(headers, EventHeaders.SOURCE, trace.getSource());
            putIfThere(headers, EventHeaders.CONTENT_TYPE, trace.getContentType());
            putIfThere(headers, EventHeaders.CAUSE, trace.getCause());
            putIfThere(headers, EventHeaders.TRACE_PARENT, trace.getTraceParent());
          });
    }
    headers.entrySet().removeIf(each -> each.getValue().isEmpty() && isOwn(each.getKey()));
    return headers;
  }

  // An emitter's own header may be empty on purpose.
  private static boolean isOwn(String header) {
    return header.startsWith("ns-")
        || header.startsWith("ce_")
        || header.equals(EventHeaders.CONTENT_TYPE)
        || header.equals(EventHeaders.TRACE_PARENT);
  }

  private static void putIfThere(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  Optional<Instant> emittedAt() {
    return place
        .map(where -> where.event().emittedAt())
        .or(() -> newest().map(Trace::getEmittedAt));
  }

  /// In bytes.
  Optional<Integer> payloadBytes() {
    return place
        .map(EventPlace::payloadBytes)
        .or(() -> newest().map(Trace::getInputBytes))
        .or(() -> letter.map(found -> found.letter().payloadBytes()));
  }

  /// Where it was first emitted.
  Optional<String> origin() {
    return place
        .map(where -> where.event().origin())
        .or(() -> newest().map(Trace::getOrigin))
        .or(() -> letter.flatMap(found -> found.letter().origin()));
  }

  /// The lost attempts before the one that is next or ended it, a line each.
  List<String> history() {
    return place
        .map(where -> where.event().history())
        .or(() -> newest().map(Trace::getHistory))
        .map(text -> text.lines().toList())
        .or(() -> letter.map(found -> found.letter().history()))
        .orElse(List.of());
  }

  /// Which attempt runs, is next, or was the last.
  Optional<Integer> attempt() {
    return place.map(where -> where.event().attempt()).or(() -> newest().map(Trace::getAttempt));
  }

  /// For people.
  String text(Instant now) {
    List<String> lines = new ArrayList<>();
    line(lines, "event", id);
    line(lines, "queue", queue());
    line(lines, "state", sentence(now));
    flags.forEach(flag -> line(lines, "", flag.scope() + " is " + flag.text()));
    attempt().ifPresent(number -> line(lines, "attempt", Integer.toString(number)));
    history().forEach(lost -> line(lines, "before", "attempt " + lost));
    emittedAt()
        .ifPresent(
            at -> line(lines, "emitted", at + " (" + age(Duration.between(at, now)) + " ago)"));
    origin().ifPresent(at -> line(lines, "origin", at));
    payloadBytes().ifPresent(size -> line(lines, "payload", size + " bytes"));
    headers().forEach((name, value) -> line(lines, "header", name + ": " + value));
    letter.ifPresent(found ->
        line(
            lines,
            "letter",
            found.letter().id()
                + ", "
                + found.state().label()
                + ": "
                + found.letter().reason()
                + ". See it with: nightshift dead get "
                + found.letter().id()));
    for (Trace trace : traces) {
      line(lines, "trace", TraceText.brief(trace));
    }
    return String.join("\n", lines);
  }

  private static void line(List<String> lines, String name, String value) {
    lines.add("%-10s%s".formatted(name, Output.cell(value)));
  }

  /// For programs.
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", id);
    fields.put("queue", queue());
    fields.put("state", state());
    outcome().ifPresent(how -> fields.put("outcome", how));
    attempt().ifPresent(number -> fields.put("attempt", number));
    place.ifPresent(where -> {
      fields.put("topic", where.event().record().topic());
      fields.put("partition", where.event().record().partition());
      fields.put("offset", where.event().record().offset());
      if (where.mark() == Mark.CLAIMED) {
        where.writer().ifPresent(worker -> fields.put("worker", worker));
        fields.put("workerLives", workerLives);
      }
      where.due().ifPresent(due -> fields.put("dueAt", due.toString()));
      if (where.kind() == EventPlace.Kind.DELAYED) {
        where
            .event()
            .header(EventHeaders.CANCEL)
            .ifPresent(who -> fields.put("cancelAskedBy", who));
      }
      where.event().notBefore().ifPresent(due -> fields.put("notBefore", due.toString()));
    });
    if (!flags.isEmpty()) {
      fields.put("flags", flags.stream().map(flag -> flag.scope() + " " + flag.text()).toList());
    }
    emittedAt().ifPresent(at -> fields.put("emittedAt", at.toString()));
    origin().ifPresent(at -> fields.put("origin", at));
    payloadBytes().ifPresent(size -> fields.put("payloadBytes", size));
    fields.put("headers", headers());
    fields.put("history", history());
    letter.ifPresent(found -> fields.put("letter", LetterReport.fields(found)));
    fields.put("traces", traces.stream().map(TraceFields::brief).toList());
    return fields;
  }
}
