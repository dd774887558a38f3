package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerCatalogTest {
  @TempDir Path folder;

  @Test
  void a_handler_serves_all_its_queues_with_one_instance() throws IOException {
    TestJar.named("shop.jar")
        .idleHandler(
            "Orders",
            """
            @Handles(canvas = "shop", queue = "new", timeLimit = "30s")
            @Handles(canvas = "shop", queue = "paid")
            """)
        .into(folder);
    try (HandlerCatalog catalog = HandlerCatalog.load(folder)) {
      assertEquals(List.of("shop/new", "shop/paid"), names(catalog));
      LoadedHandler first = catalog.find("shop", "new").orElseThrow();
      LoadedHandler second = catalog.find("shop", "paid").orElseThrow();
      assertEquals(Optional.of(Duration.ofSeconds(30)), first.timeLimit());
      assertEquals(Optional.empty(), second.timeLimit());
      assertSame(first.handler(), second.handler());
      assertEquals(Optional.empty(), catalog.find("shop", "other"));
      assertEquals(Optional.empty(), catalog.find("other", "new"));
    }
  }

  @Test
  void two_jars_use_two_versions_of_a_library() throws IOException {
    for (String version : List.of("1", "2")) {
      TestJar.named("v" + version + ".jar")
          .source(
              "lib.Version",
              "package lib; public class Version { public static String get() { return \"%s\"; } }"
                  .formatted(version))
          .handler(
              "Uses",
              "@Handles(canvas = \"shop\", queue = \"v%s\")".formatted(version),
              """
              public Object handle(Event event, Context context) { return null; }
              public String toString() { return "uses version " + lib.Version.get(); }
              """)
          .into(folder);
    }
    try (HandlerCatalog catalog = HandlerCatalog.load(folder)) {
      assertEquals(
          List.of("uses version 1", "uses version 2"),
          catalog.handlers().stream().map(h -> h.handler().toString()).toList());
    }
  }

  @Test
  void a_handler_sees_the_jdk_and_its_jar_but_not_the_worker() throws IOException {
    TestJar.named("nosy.jar")
        .handler(
            "Nosy",
            "@Handles(canvas = \"shop\", queue = \"new\")",
            """
            final String atStart = sees();
            public Object handle(Event event, Context context) { return null; }
            public String toString() { return atStart; }
            static String sees() {
              ClassLoader mine = Nosy.class.getClassLoader();
              return String.join(" ",
                  "sql=" + can(mine, "java.sql.Connection"),
                  "http=" + can(mine, "java.net.http.HttpClient"),
                  "self=" + can(mine, "shop.Nosy"),
                  "kafka=" + can(mine, "org.apache.kafka.clients.producer.Producer"),
                  "worker=" + can(mine, "dev.nightshift.worker.internal.run.Attempts"),
                  "common=" + can(mine, "dev.nightshift.common.Names"),
                  "logging=" + (mine.getResource("logback-test.xml") != null),
                  "context=" + (Thread.currentThread().getContextClassLoader() == mine));
            }
            static boolean can(ClassLoader loader, String type) {
              try { loader.loadClass(type); return true; } catch (ClassNotFoundException e) { return false; }
            }
            """)
        .into(folder);
    try (HandlerCatalog catalog = HandlerCatalog.load(folder)) {
      assertEquals(
          "sql=true http=true self=true kafka=false worker=false common=false logging=false"
              + " context=true",
          catalog.handlers().get(0).handler().toString());
    }
  }

  @Test
  void an_empty_folder_gives_an_empty_catalog() {
    try (HandlerCatalog catalog = HandlerCatalog.load(folder)) {
      assertTrue(catalog.handlers().isEmpty());
      assertTrue(catalog.jarsWithoutHandlers().isEmpty());
    }
  }

  @Test
  void a_jar_without_handlers_is_named() throws IOException {
    TestJar.named("library.jar").source("lib.A", "package lib; public class A {}").into(folder);
    Files.writeString(folder.resolve("readme.txt"), "not looked at");
    try (HandlerCatalog catalog = HandlerCatalog.load(folder)) {
      assertEquals(List.of("library.jar"), catalog.jarsWithoutHandlers());
    }
  }

  private static List<String> names(HandlerCatalog catalog) {
    return catalog.handlers().stream().map(LoadedHandler::name).toList();
  }
}
