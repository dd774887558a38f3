package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronPause;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.CronState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is shown of a cron. Immutable.
record CronReport(Cron cron, CronState state) {
  static final Output.Columns COLUMNS =
      new Output.Columns(
          List.of("NAME", "SCHEDULE", "ZONE", "QUEUE", "STATE", "NEXT", "LAST"),
          List.of("MISSED", "OVERLAP", "PAYLOAD", "SKIPPED", "SET BY"));

  Output.Row row(Instant now) {
    CronSettings settings = cron.settings();
    return new Output.Row(
        cron.name().toString(),
        List.of(
            cron.name().toString(),
            settings.schedule().text(),
            settings.schedule().isElapsed() ? "-" : settings.schedule().zone().toString(),
            settings.queue(),
            stateName(),
            next(now).map(tick -> in(now, tick)).orElse("-"),
            state.lastEmitted().map(tick -> ago(tick, now)).orElse("-"),
            settings.missed().toString(),
            settings.overlap().toString(),
            settings.payload().toString(),
            state.skipped().map(CronState.Skipped::text).orElse("-"),
            cron.actor()),
        fields(now));
  }

  /// The next tick that is emitted, if nothing changes.
  Optional<Instant> next(Instant now) {
    return cron.pause().isPresent() ? Optional.empty() : cron.settings().schedule().after(now);
  }

  private String stateName() {
    return cron.pause().isPresent() ? "paused" : "active";
  }

  static String in(Instant now, Instant tick) {
    return "in " + AuditCommand.age(Duration.between(now, tick));
  }

  private static String ago(Instant tick, Instant now) {
    return AuditCommand.age(Duration.between(tick, now)) + " ago";
  }

  /// For people, of one cron.
  String text(Instant now) {
    CronSettings settings = cron.settings();
    StringBuilder text = new StringBuilder();
    line(text, "cron", cron.name().toString());
    line(text, "state", cron.pause().map(CronPause::text).orElse("active"));
    line(text, "schedule", settings.schedule().toString());
    line(text, "queue", cron.name().canvas() + "/" + settings.queue());
    line(text, "payload", settings.payload() + ": " + payloadText(settings.payload()));
    line(text, "missed", settings.missed().toString());
    line(text, "overlap", settings.overlap().toString());
    line(
        text,
        "next",
        next(now)
            .map(tick -> tick + " (" + in(now, tick) + ")")
            .orElse(cron.pause().isPresent() ? "none while it is paused" : "none any more"));
    line(
        text,
        "last",
        state
            .lastEmitted()
            .map(tick -> tick + " (" + ago(tick, now) + ") as event " + cron.eventId(tick))
            .orElse("none yet"));
    state.skipped().ifPresent(skipped -> line(text, "skipped", skipped.text()));
    line(text, "set", "by " + cron.actor() + " at " + cron.setAt());
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-12s%s%n".formatted(name, value.replaceAll("\\p{Cntrl}", "?")));
  }

  private static String payloadText(CronPayload payload) {
    return payload.isJson()
        ? new String(payload.bytes(), UTF_8)
        : "hex " + HexFormat.of().formatHex(payload.bytes());
  }

  /// For programs.
  Map<String, Object> fields(Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", cron.name().toString());
    fields.put("canvas", cron.name().canvas());
    fields.putAll(fields(cron.settings()));
    fields.put("state", stateName());
    cron.pause()
        .ifPresent(pause -> {
          Map<String, Object> paused = new LinkedHashMap<>();
          paused.put("actor", pause.actor());
          paused.put("at", pause.at().toString());
          paused.put("reason", pause.reason());
          fields.put("pause", paused);
        });
    next(now).ifPresent(tick -> fields.put("nextTick", tick.toString()));
    state.lastTick().ifPresent(tick -> fields.put("lastTick", tick.toString()));
    state
        .lastEmitted()
        .ifPresent(tick -> {
          fields.put("lastEmittedTick", tick.toString());
          fields.put("lastEventId", cron.eventId(tick));
        });
    state
        .skipped()
        .ifPresent(skipped -> {
          Map<String, Object> last = new LinkedHashMap<>();
          last.put("tick", skipped.tick().toString());
          last.put("why", skipped.why().toString());
          fields.put("skipped", last);
        });
    fields.put("setBy", cron.actor());
    fields.put("setAt", cron.setAt().toString());
    return fields;
  }

  /// What somebody wants of a cron, for programs: as a file of crons has it.
  static Map<String, Object> fields(CronSettings settings) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("queue", settings.queue());
    fields.put("schedule", settings.schedule().text());
    if (!settings.schedule().isElapsed()) {
      fields.put("zone", settings.schedule().zone().toString());
    }
    fields.put("payload", payload(settings.payload()));
    fields.put("missed", settings.missed().toString());
    fields.put("overlap", settings.overlap().toString());
    return fields;
  }

  private static Object payload(CronPayload payload) {
    if (!payload.isJson()) {
      return Map.of("hex", HexFormat.of().formatHex(payload.bytes()));
    }
    try {
      return new ObjectMapper().readTree(payload.bytes());
    } catch (JsonProcessingException e) {
      return new String(payload.bytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
