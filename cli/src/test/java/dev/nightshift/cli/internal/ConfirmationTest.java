package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.command.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

  @Test
  void the_name_itself_lets_it_go_on() {
    ask(" shop ");
    assertEquals("It will be gone. Type its name to go on: ", asked.toString(UTF_8));
  }

  @Test
  void another_name_does_not() {
    assertEquals("'Shop' was typed, not 'shop'. Nothing was changed", refusal("Shop"));
    assertEquals("'y' was typed, not 'shop'. Nothing was changed", refusal("y"));
  }

  @Test
  void nor_does_the_end_of_the_input() {
    assertEquals("'' was typed, not 'shop'. Nothing was changed", refusal(null));
    assertEquals("It will be gone. Type its name to go on: \n", asked.toString(UTF_8));
  }

  @Test
  void a_yes_lets_it_go_on_and_nothing_else() {
    for (String yes : List.of("y", " Yes ")) {
      agree(yes);
    }
    for (String no : List.of("", "n", "yo")) {
      assertEquals(
          "'" + no + "' was typed, not y. Nothing was changed",
          assertThrows(CommandException.class, () -> agree(no)).getMessage());
    }
    assertThrows(CommandException.class, () -> agree(null));
    assertTrue(asked.toString(UTF_8).startsWith("It will be gone. Go on? [y/N] "));
  }

  private void agree(@Nullable String answer) {
    new Confirmation(Optional.of(() -> answer), new PrintStream(asked, true, UTF_8))
        .agreed("discarding it", "It will be gone.");
  }

  private String refusal(@Nullable String answer) {
    return String.valueOf(assertThrows(CommandException.class, () -> ask(answer)).getMessage());
  }

  private void ask(@Nullable String answer) {
    new Confirmation(Optional.of(() -> answer), new PrintStream(asked, true, UTF_8))
        .typed("shop", "deleting canvas shop", "It will be gone.");
  }
}
