package dev.nightshift.cli.internal;

import dev.nightshift.common.dead.DeadLetters.Found;
import dev.nightshift.common.dead.Letter;
import dev.nightshift.common.dead.LetterEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Dead letters as rows of a list. Pure.
final class LetterReport {
  static final Output.Columns COLUMNS =
      new Output.Columns(
          List.of("LETTER", "AGE", "STATE", "QUEUE", "EVENT", "OUTCOME", "ATTEMPTS", "REASON"),
          List.of("WRITER", "ORIGIN", "PAYLOAD BYTES", "ENDED BY"));

  private LetterReport() {}

  static Output.Row row(Found found, Instant now) {
    Letter letter = found.letter();
    return new Output.Row(
        letter.id().toString(),
        List.of(
            letter.id().toString(),
            AuditCommand.age(Duration.between(letter.diedAt(), now)),
            found.state().label(),
            letter.target(),
            letter.eventId().orElse("-"),
            letter.outcome(),
            letter.attempt().orElse("-"),
            letter.reason(),
            letter.writer().orElse("-"),
            letter.origin().orElse("-"),
            Integer.toString(letter.payloadBytes()),
            found.end().map(LetterEnd::actor).orElse("-")),
        fields(found));
  }

  static Map<String, Object> fields(Found found) {
    Letter letter = found.letter();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("letter", letter.id().toString());
    fields.put("diedAt", letter.diedAt().toString());
    fields.put("state", found.state().label());
    letter.canvasName().ifPresent(name -> fields.put("canvas", name));
    letter.queue().ifPresent(name -> fields.put("queue", name));
    letter.eventId().ifPresent(id -> fields.put("event", id));
    fields.put("outcome", letter.outcome());
    letter.attempt().ifPresent(attempt -> fields.put("attempt", attempt));
    fields.put("reason", letter.reason());
    letter.origin().ifPresent(place -> fields.put("origin", place));
    letter.writer().ifPresent(worker -> fields.put("writer", worker));
    fields.put("payloadBytes", letter.payloadBytes());
    found.end().ifPresent(end -> fields.put("end", fields(end)));
    return fields;
  }

  private static Map<String, Object> fields(LetterEnd end) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", end.state().label());
    fields.put("at", end.at().toString());
    fields.put("actor", end.actor());
    fields.put("reason", end.reason());
    return fields;
  }

  /// `1 dead letter`, `1,234 dead letters`.
  static String letters(long count) {
    return String.format(Locale.ROOT, "%,d dead letter%s", count, count == 1 ? "" : "s");
  }
}
