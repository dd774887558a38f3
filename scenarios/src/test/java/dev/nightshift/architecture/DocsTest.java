package dev.nightshift.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.backlog.EventPlace;
import dev.nightshift.scheduler.SchedulerMain;
import dev.nightshift.worker.WorkerMain;
import dev.nightshift.worker.command.SettingsTable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The pages under docs/ tell the truth.
class DocsTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  @Test
  void each_header_is_in_the_page_about_the_wire() throws IOException, IllegalAccessException {
    String page = Files.readString(DOCS.resolve("wire.md"));
    for (Field header : EventHeaders.class.getFields()) {
      String name = String.valueOf(header.get(null));
      assertTrue(page.contains("`" + name + "`"), name + " is not in docs/wire.md");
    }
  }

  @Test
  void each_outcome_is_in_the_page_about_states() throws IOException {
    String page = Files.readString(DOCS.resolve("states.md"));
    for (Outcome outcome : Outcome.values()) {
      assertTrue(page.contains("| `" + outcome.label() + "` |"), outcome + " is not there");
    }
  }

  @Test
  void each_place_of_an_event_is_in_the_page_about_states() throws IOException {
    String page = Files.readString(DOCS.resolve("states.md"));
    for (EventPlace.Kind kind : EventPlace.Kind.values()) {
      String state =
          switch (kind) {
            case EVENTS -> "waiting";
            case LANE -> "in its lane";
            case RETRY -> "retrying";
            case DELAYED -> "delayed";
          };
      assertTrue(page.contains("| " + state + " |"), kind + " is not there");
    }
  }

  /// To write the page anew: ./dev docs
  @Test
  void the_page_about_settings_is_what_workers_and_schedulers_take() throws IOException {
    Path page = DOCS.resolve("configuration.md");
    String made =
        SettingsTable.page(new CommandLine(new WorkerMain()).getCommandSpec())
            + SettingsTable.section(
                "A scheduler's", new CommandLine(new SchedulerMain()).getCommandSpec());
    if (Boolean.getBoolean("nightshift.docs.write")) {
      Files.writeString(page, made);
    }
    assertEquals(made, Files.readString(page), "write it anew with: ./dev docs");
  }

  @Test
  void links_lead_somewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    try (Stream<Path> pages = Stream.concat(Files.walk(DOCS), Files.list(Path.of("..")))) {
      for (Path page : pages.filter(each -> each.toString().endsWith(".md")).toList()) {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
          if (!Files.exists(page.resolveSibling(link.group(1)))) {
            dead.add(page + ": " + link.group(1));
          }
        }
      }
    }
    assertEquals(List.of(), dead);
  }
}
