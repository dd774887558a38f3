package dev.nightshift.cli.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/// What is to be changed so that the crons of some canvases are as a file says. Immutable.
///
/// @param changes by name
/// @param unchanged how many are so already
record CronDifference(List<Change> changes, int unchanged) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One of them.
  ///
  /// @param before empty if there is no such cron yet
  /// @param after empty if there shall be none
  record Change(CronName name, Optional<CronSettings> before, Optional<CronSettings> after) {
    String kind() {
      return before.isEmpty() ? "add" : after.isEmpty() ? "delete" : "change";
    }

    /// For people: what is added, deleted, or each thing that changes.
    String text() {
      if (before.isEmpty()) {
        return "+ " + name + ": " + after.orElseThrow().text();
      }
      if (after.isEmpty()) {
        return "- " + name + ": " + before.get().text();
      }
      CronSettings was = before.get();
      CronSettings is = after.get();
      StringJoiner changes = new StringJoiner(", ", "~ " + name + ": ", "");
      add(changes, "queue", was.queue(), is.queue());
      add(changes, "schedule", was.schedule(), is.schedule());
      add(changes, "missed", was.missed(), is.missed());
      add(changes, "overlap", was.overlap(), is.overlap());
      add(changes, "payload", was.payload(), is.payload());
      return changes.toString();
    }

    private static void add(StringJoiner changes, String what, Object was, Object is) {
      if (!was.equals(is)) {
        changes.add(what + " " + was + " -> " + is);
      }
    }

    /// For programs.
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", name.toString());
      fields.put("change", kind());
      before.ifPresent(was -> fields.put("before", CronReport.fields(was)));
      after.ifPresent(is -> fields.put("after", CronReport.fields(is)));
      return fields;
    }
  }

  /// Compares.
  ///
  /// @param existing all crons that there are
  static CronDifference of(CronFile file, Collection<Cron> existing) {
    SortedMap<CronName, CronSettings> before = new TreeMap<>();
    existing.stream()
        .filter(cron -> file.canvases().contains(cron.name().canvas()))
        .forEach(cron -> before.put(cron.name(), cron.settings()));
    SortedMap<CronName, Change> changes = new TreeMap<>();
    int unchanged = 0;
    for (Map.Entry<CronName, CronSettings> each : file.crons().entrySet()) {
      Optional<CronSettings> was = Optional.ofNullable(before.remove(each.getKey()));
      CronSettings is =
          was.map(known -> keepPayload(known, each.getValue())).orElse(each.getValue());
      if (was.filter(is::equals).isPresent()) {
        unchanged++;
      } else {
        changes.put(each.getKey(), new Change(each.getKey(), was, Optional.of(is)));
      }
    }
    before.forEach(
        (name, was) -> changes.put(name, new Change(name, Optional.of(was), Optional.empty())));
    return new CronDifference(new ArrayList<>(changes.values()), unchanged);
  }

  // The same JSON with other spaces is no change.
  private static CronSettings keepPayload(CronSettings was, CronSettings is) {
    return isSame(was.payload(), is.payload())
        ? new CronSettings(is.queue(), is.schedule(), was.payload(), is.missed(), is.overlap())
        : is;
  }

  private static boolean isSame(CronPayload was, CronPayload is) {
    try {
      return was.isJson()
          && is.isJson()
          && JSON.readTree(was.bytes()).equals(JSON.readTree(is.bytes()));
    } catch (IOException e) {
      return false;
    }
  }

  /// As a sentence's part: `2 crons added, 1 changed, none deleted`.
  String counts() {
    return count("add")
        + " added, "
        + count("change")
        + " changed, "
        + count("delete")
        + " deleted";
  }

  private long count(String kind) {
    return changes.stream().filter(change -> change.kind().equals(kind)).count();
  }
}
