package dev.nightshift.worker.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CommandsTest {
  private final StringWriter err = new StringWriter();
  private RuntimeException failure = new IllegalStateException("no reason");

  @Command(name = "tool", mixinStandardHelpOptions = true)
  private final class Failing implements Callable<Integer> {
    @Option(names = "--count", required = true)
    private int count;

    @Option(names = "--size")
    private int size;

    @Override
    public Integer call() {
      throw failure;
    }
  }

  @Test
  void a_wrong_call_is_one_line_and_where_to_look() {
    assertEquals(ExitCode.USAGE, run("--count=many"));
    assertEquals(
        "tool: --count: 'many' is not a whole number\n" + "How it is used: tool --help\n",
        err.toString());
  }

  @Test
  void all_mistakes_are_said_at_once() {
    assertEquals(ExitCode.USAGE, run("--count=many", "--size=large", "--colour=blue"));
    assertEquals(
        "tool: 3 problems:\n"
            + "- --count: 'many' is not a whole number\n"
            + "- --size: 'large' is not a whole number\n"
            + "- there is no option --colour\n"
            + "How it is used: tool --help\n",
        err.toString());
  }

  @Test
  void a_mistyped_option_is_answered_with_those_that_there_are() {
    assertEquals(ExitCode.USAGE, run("--count=1", "--siez=2"));
    assertEquals(
        "tool: there is no option --siez; did you mean --size?\nHow it is used: tool --help\n",
        err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          pay --header=nocolon       | --header: 'nocolon' is not allowed: NAME=VALUE
          pay --header=              | --header: '' is not allowed: NAME=VALUE
          pay --header               | --header: its value is missing: --header NAME=VALUE
          pay --file --quiet         | --file: its value is missing before --quiet: --file FILE
          pay --file=a --file=b      | --file is said twice
          pay --quiet=much           | --quiet: it takes no value
          pay -x                     | there is no option -x
          pay --head=a=b             | there is no option --head; did you mean --header?
          --quiet                    | QUEUE is missing
          pay --all --one=x          | --all, --one=NAME do not go together: say one of them
          """)
  void each_mistake_names_the_argument_and_what_is_allowed(String call, String says) {
    assertEquals(says, says(new Picky(), call.split(" ")));
  }

  @Test
  void all_that_is_missing_is_said_once() {
    assertEquals("--reason TEXT and QUEUE are missing", says(new Strict()));
    assertEquals("--reason TEXT is missing", says(new Strict(), "pay"));
    assertEquals("--all or --one NAME is missing", says(new Choosy()));
  }

  @Test
  void what_is_no_path_is_said_without_the_name_of_a_class() {
    assertEquals(
        "--file: 'a\0b' is not allowed (Nul character not allowed: a\0b)",
        says(new Picky(), "pay", "--file=a\0b"));
  }

  private String says(Object command, String... arguments) {
    CommandLine line = Commands.line(command);
    line.setErr(new PrintWriter(err, true));
    assertEquals(ExitCode.USAGE, line.execute(arguments));
    String said = err.toString();
    err.getBuffer().setLength(0);
    return said.replaceFirst("^tool: ", "").replaceFirst("\nHow it is used: .*\n$", "");
  }

  @Command(name = "tool")
  private static final class Picky implements Runnable {
    @Parameters(paramLabel = "QUEUE")
    private String queue = "";

    @Option(names = "--header", paramLabel = "NAME=VALUE")
    private Map<String, String> headers = new HashMap<>();

    @Option(names = "--file", paramLabel = "FILE")
    private Path file = Path.of("");

    @Option(names = "--quiet")
    private boolean quiet;

    @ArgGroup(exclusive = true)
    private Which which = new Which();

    @Override
    public void run() {}
  }

  private static final class Which {
    @Option(names = "--all")
    private boolean all;

    @Option(names = "--one", paramLabel = "NAME")
    private String one = "";
  }

  @Command(name = "tool")
  private static final class Strict implements Runnable {
    @Parameters(paramLabel = "QUEUE")
    private String queue = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT")
    private String reason = "";

    @Override
    public void run() {}
  }

  @Command(name = "tool")
  private static final class Choosy implements Runnable {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which = new Which();

    @Override
    public void run() {}
  }

  @Test
  void an_argument_too_many_is_named() {
    assertEquals(ExitCode.USAGE, run("--count=1", "extra", "more"));
    assertEquals(
        "tool: 'extra' is one argument too many; one with spaces wants quotes around it\n"
            + "How it is used: tool --help\n",
        err.toString());
  }

  @Test
  void help_is_shown_whatever_else_is_wrong() {
    CommandLine line = Commands.line(new Failing());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    assertEquals(ExitCode.DONE, line.execute("--help"));
    assertTrue(out.toString().startsWith("Usage: tool"), out::toString);
  }

  @Test
  void a_known_failure_says_its_message_and_ends_as_it_says() {
    failure = new CommandException(ExitCode.NOT_FOUND, "there is no such thing");
    assertEquals(ExitCode.NOT_FOUND, run("--count=1"));
    assertEquals("tool: there is no such thing\n", err.toString());
  }

  @Test
  void what_a_future_wraps_is_unwrapped() {
    failure = new CompletionException(new CommandException(ExitCode.REFUSED, "not allowed"));
    assertEquals(ExitCode.REFUSED, run("--count=1"));
    assertEquals("tool: not allowed\n", err.toString());
  }

  @Test
  void an_unknown_failure_is_said_without_its_stack() {
    assertEquals(ExitCode.FAILED, run("--count=1"));
    assertEquals(
        "tool: this should not happen: java.lang.IllegalStateException: no reason. Set"
            + " NIGHTSHIFT_DEBUG=1 to see where, and report it\n",
        err.toString());
  }

  private int run(String... arguments) {
    CommandLine line = Commands.line(new Failing());
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
