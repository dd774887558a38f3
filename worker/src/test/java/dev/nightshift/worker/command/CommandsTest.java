package dev.nightshift.worker.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            + "- Unknown option: '--colour=blue'\n"
            + "How it is used: tool --help\n",
        err.toString());
  }

  @Test
  void a_mistyped_option_is_answered_with_those_that_there_are() {
    assertEquals(ExitCode.USAGE, run("--count=1", "--siez=2"));
    assertEquals(
        "tool: Unknown option: '--siez=2'\n"
            + "Possible solutions: --size\n"
            + "How it is used: tool --help\n",
        err.toString());
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
