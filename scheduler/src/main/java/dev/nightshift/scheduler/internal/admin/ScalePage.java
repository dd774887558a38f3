package dev.nightshift.scheduler.internal.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightshift.common.Durations;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.worker.admin.Answer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How many workers are wanted, as JSON for autoscalers. An old decision is none: who reads it
/// keeps the number that there is.
final class ScalePage {
  private static final int SCHEMA_VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ScalePage() {}

  static Answer of(Optional<ScaleDecision> decision, Instant now) {
    boolean fresh = decision.filter(is -> is.isFresh(now)).isPresent();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schemaVersion", SCHEMA_VERSION);
    if (fresh) {
      fields.putAll(decision.orElseThrow().fields());
    } else {
      fields.put(
          "problem",
          "no scheduler has decided for "
              + Durations.text(ScaleDecision.FRESH_MAX)
              + " how many workers are wanted: leave as many as there are");
    }
    try {
      return new Answer(fresh, JSON.writeValueAsString(fields));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON: " + fields.keySet(), e);
    }
  }
}
