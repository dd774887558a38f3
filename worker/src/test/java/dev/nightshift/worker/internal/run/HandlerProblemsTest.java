package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said about a handlers folder that cannot be used.
class HandlerProblemsTest {
  private static final int HERE = Runtime.version().feature();
  private static final String NEW = "@Handles(canvas = \"shop\", queue = \"new\")";

  @TempDir Path folder;

  @Test
  void the_folder_is_missing() {
    Path missing = folder.resolve("nothing-here");
    assertEquals(
        "the handlers in "
            + missing
            + " cannot be used, 1 problem:\n"
            + "- the folder does not exist; create it and put the handler JARs into it, or name"
            + " another",
        assertThrows(HandlerProblemsException.class, () -> HandlerCatalog.load(missing))
            .getMessage());
  }

  @Test
  void the_folder_is_a_file() throws IOException {
    Path file = Files.createFile(folder.resolve("handlers"));
    assertEquals(
        List.of("this is not a folder; name the folder that holds the handler JARs"),
        problems(file));
  }

  @Test
  void a_jar_is_no_jar() throws IOException {
    Files.writeString(folder.resolve("broken.jar"), "not a JAR at all");
    assertProblem(
        "broken.jar: it cannot be read as a JAR (zip END header not found); build it again or take"
            + " it out");
  }

  @Test
  void a_jar_is_a_folder() throws IOException {
    Files.createDirectory(folder.resolve("folder.jar"));
    assertEquals(1, problems(folder).size());
  }

  @Test
  void a_handler_has_no_annotation() throws IOException {
    TestJar.named("a.jar").idleHandler("Plain", "").into(folder);
    assertProblem(
        "a.jar, class shop.Plain: it has no @Handles, so it serves no queue; put @Handles(canvas ="
            + " \"...\", queue = \"...\") on the class");
  }

  @Test
  void names_are_not_allowed() throws IOException {
    TestJar.named("a.jar")
        .idleHandler("Odd", "@Handles(canvas = \"Shop!\", queue = \"new order\")")
        .into(folder);
    assertEquals(
        List.of(
            "a.jar, class shop.Odd: canvas name 'Shop!' is not allowed: 1 to 63 of a-z, 0-9 and"
                + " '-', not starting with '-'; correct its @Handles",
            "a.jar, class shop.Odd: queue name 'new order' is not allowed: 1 to 100 of A-Z, a-z,"
                + " 0-9, '_' and '-'; correct its @Handles"),
        problems(folder));
  }

  @Test
  void a_time_limit_is_no_duration() throws IOException {
    TestJar.named("a.jar")
        .idleHandler("Slow", "@Handles(canvas = \"shop\", queue = \"new\", timeLimit = \"soon\")")
        .into(folder);
    assertProblem(
        "a.jar, class shop.Slow: time limit: duration 'soon' is not allowed: a whole number with"
            + " ms, s, m, h or d, such as 30s, or ISO 8601, such as PT30S; at most 36500d; correct"
            + " its @Handles");
  }

  @Test
  void a_time_limit_is_zero() throws IOException {
    TestJar.named("a.jar")
        .idleHandler("Slow", "@Handles(canvas = \"shop\", queue = \"new\", timeLimit = \"0s\")")
        .into(folder);
    assertProblem(
        "a.jar, class shop.Slow: time limit '0s' leaves no time to run; correct its @Handles");
  }

  @Test
  void two_jars_serve_one_queue() throws IOException {
    TestJar.named("a.jar").idleHandler("First", NEW).into(folder);
    TestJar.named("b.jar").idleHandler("Second", NEW).into(folder);
    assertProblem(
        "queue shop/new has two handlers, class shop.First in a.jar and class shop.Second in b.jar;"
            + " keep one of them");
  }

  @Test
  void one_class_serves_a_queue_twice() throws IOException {
    TestJar.named("a.jar").idleHandler("First", NEW + NEW).into(folder);
    assertProblem(
        "queue shop/new has two handlers, class shop.First in a.jar and class shop.First in a.jar;"
            + " keep one of them");
  }

  @Test
  void a_constructor_throws() throws IOException {
    TestJar.named("a.jar")
        .handler(
            "Sad",
            NEW,
            """
            public Sad() { throw new IllegalStateException("no database"); }
            public Object handle(Event event, Context context) { return null; }
            """)
        .into(folder);
    assertProblem(
        "a.jar, class shop.Sad: its constructor threw java.lang.IllegalStateException: no database;"
            + " it must succeed");
  }

  @Test
  void a_constructor_is_missing() throws IOException {
    TestJar.named("a.jar")
        .handler(
            "Sad",
            NEW,
            """
            public Sad(String name) {}
            public Object handle(Event event, Context context) { return null; }
            """)
        .into(folder);
    assertProblem(
        "a.jar, class shop.Sad: it cannot be instantiated; it must be a public class, not abstract,"
            + " with a public constructor without parameters");
  }

  @Test
  void a_static_initializer_throws() throws IOException {
    TestJar.named("a.jar")
        .handler(
            "Sad",
            NEW,
            """
            static final int LIMIT = Integer.parseInt("many");
            public Object handle(Event event, Context context) { return LIMIT; }
            """)
        .into(folder);
    assertProblem(
        "a.jar, class shop.Sad: its static initializer threw java.lang.NumberFormatException: For"
            + " input string: \"many\"; it must succeed");
  }

  @Test
  void a_class_is_for_a_newer_java() throws IOException {
    TestJar.named("a.jar")
        .idleHandler("Modern", NEW)
        .compiledFor(HERE + 1, "shop.Modern")
        .into(folder);
    assertProblem(
        "a.jar, class shop.Modern: it was compiled for Java %d, this worker runs on Java %d; compile it with --release %d or less, or run the worker on Java %d"
            .formatted(HERE + 1, HERE, HERE, HERE + 1));
  }

  @Test
  void a_library_is_missing() throws IOException {
    TestJar.named("a.jar")
        .source("lib.Base", "package lib; public class Base {}")
        .without("lib.Base")
        .handler(
            "Lonely",
            NEW,
            """
            public final lib.Base base = new lib.Base();
            public Object handle(Event event, Context context) { return null; }
            """)
        .into(folder);
    assertProblem(
        "a.jar, class shop.Lonely: it cannot be linked (java.lang.NoClassDefFoundError: lib/Base); a"
            + " handler JAR must bring all libraries that it uses, except dev.nightshift.handler");
  }

  @Test
  void a_named_class_is_missing() throws IOException {
    TestJar.named("a.jar").handlerNamed("shop.Gone").into(folder);
    assertProblem(
        "a.jar, class shop.Gone: META-INF/services/dev.nightshift.handler.Handler names it, but the"
            + " JAR does not have it; correct the name, or take it out");
  }

  @Test
  void a_named_class_is_no_handler() throws IOException {
    TestJar.named("a.jar")
        .source("shop.Other", "package shop; public class Other {}")
        .handlerNamed("shop.Other")
        .into(folder);
    assertProblem(
        "a.jar, class shop.Other: it does not implement dev.nightshift.handler.Handler; implement"
            + " it, or take the class out of META-INF/services/dev.nightshift.handler.Handler");
  }

  @Test
  void a_codec_is_missing() throws IOException {
    TestJar.named("a.jar").idleHandler("Fine", NEW).codecNamed("shop.Gone").into(folder);
    assertProblem(
        "a.jar, class shop.Gone: META-INF/services/dev.nightshift.handler.Codec names it, but the"
            + " JAR does not have it; correct the name, or take it out");
  }

  @Test
  void all_problems_are_listed_at_once() throws IOException {
    Files.writeString(folder.resolve("0.jar"), "");
    TestJar.named("a.jar").idleHandler("Plain", "").handlerNamed("shop.Gone").into(folder);
    TestJar.named("b.jar").idleHandler("Good", NEW).into(folder);
    assertEquals(
        "the handlers in "
            + folder
            + " cannot be used, 3 problems:\n"
            + "- 0.jar: it cannot be read as a JAR (zip file is empty); build it again or take it out\n"
            + "- a.jar, class shop.Gone: META-INF/services/dev.nightshift.handler.Handler names it,"
            + " but the JAR does not have it; correct the name, or take it out\n"
            + "- a.jar, class shop.Plain: it has no @Handles, so it serves no queue; put"
            + " @Handles(canvas = \"...\", queue = \"...\") on the class",
        assertThrows(HandlerProblemsException.class, () -> HandlerCatalog.load(folder))
            .getMessage());
  }

  private void assertProblem(String expected) {
    assertEquals(List.of(expected), problems(folder));
  }

  private static List<String> problems(Path folder) {
    return assertThrows(HandlerProblemsException.class, () -> HandlerCatalog.load(folder))
        .problems();
  }
}
