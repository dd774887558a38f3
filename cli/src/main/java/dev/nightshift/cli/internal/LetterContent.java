package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.dead.DeadLetters.Found;
import dev.nightshift.common.dead.Letter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// One dead letter with all that is in it. Bytes are shown as text where they are UTF-8, else as
/// hexadecimal digits. Pure.
record LetterContent(Found found) {
  /// For people.
  String text(Instant now) {
    Letter letter = found.letter();
    List<String> lines = new ArrayList<>();
    line(lines, "letter", letter.id().toString());
    line(lines, "state", found.state().label());
    found
        .end()
        .ifPresent(end ->
            line(
                lines,
                "",
                end.state().label()
                    + " by "
                    + end.actor()
                    + " at "
                    + end.at()
                    + (end.reason().isEmpty() ? "" : ": " + end.reason())));
    line(lines, "event", letter.eventId().orElse("-"));
    line(lines, "queue", letter.target());
    line(lines, "outcome", letter.outcome());
    line(lines, "reason", letter.reason());
    line(
        lines,
        "died",
        letter.diedAt()
            + " ("
            + AuditCommand.age(Duration.between(letter.diedAt(), now))
            + " ago)");
    letter.writer().ifPresent(worker -> line(lines, "writer", worker));
    letter.origin().ifPresent(place -> line(lines, "origin", place));
    letter.attempt().ifPresent(attempt -> line(lines, "attempts", attempt));
    letter.history().forEach(lost -> line(lines, "", "attempt " + lost));
    for (Header header : letter.record().headers()) {
      if (!header.key().equals(EventHeaders.HISTORY)) {
        line(lines, "header", header.key() + ": " + shown(header.value()));
      }
    }
    line(lines, "key", shown(letter.record().key()));
    line(lines, "payload", payload(letter));
    return String.join("\n", lines);
  }

  private static String payload(Letter letter) {
    return letter.hasPayload()
        ? letter.payloadBytes() + " bytes: " + shown(letter.record().value())
        : "not here: it was too large to be kept with the letter";
  }

  private static void line(List<String> lines, String name, String value) {
    lines.add("%-10s%s".formatted(name, value.replaceAll("\\p{Cntrl}", "?")));
  }

  private static String shown(byte @Nullable [] bytes) {
    return bytes == null ? "none" : utf8(bytes).orElseGet(() -> "hex " + hex(bytes));
  }

  /// For programs.
  Map<String, Object> allFields() {
    Letter letter = found.letter();
    Map<String, Object> fields = new LinkedHashMap<>(LetterReport.fields(found));
    fields.put("history", letter.history());
    List<Map<String, Object>> headers = new ArrayList<>();
    for (Header header : letter.record().headers()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", header.key());
      each.putAll(fields(header.value()));
      headers.add(each);
    }
    fields.put("headers", headers);
    fields.put("key", fields(letter.record().key()));
    fields.put("payload", fields(letter.record().value()));
    fields.put("hasPayload", letter.hasPayload());
    return fields;
  }

  private static Map<String, Object> fields(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Map.of();
    }
    return utf8(bytes)
        .<Map<String, Object>>map(text -> Map.of("text", text))
        .orElseGet(() -> Map.of("hex", hex(bytes)));
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
