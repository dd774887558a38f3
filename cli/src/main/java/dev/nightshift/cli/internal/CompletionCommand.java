package dev.nightshift.cli.internal;

import dev.nightshift.common.Names;
import dev.nightshift.worker.command.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Prints what makes a shell complete commands and options.
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script that makes a shell complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(nightshift completion bash)     # in ~/.bashrc; zsh alike, in ~/.zshrc",
      "  nightshift completion fish > ~/.config/fish/completions/nightshift.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SHELL", converter = Shells.class, description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Spec private @Nullable CommandSpec command;

  /// What there are scripts for.
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Override
  public Integer call() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("not run as a command");
    }
    CommandLine root = spec.root().commandLine();
    System.out.println(
        switch (shell) {
          // The script tells these two apart by itself.
          case BASH, ZSH -> AutoComplete.bash(root.getCommandName(), root);
          case FISH -> FishCompletion.of(root);
        });
    return ExitCode.DONE;
  }

  /// Reads a shell's name.
  static final class Shells implements ITypeConverter<Shell> {
    @Override
    public Shell convert(String text) {
      for (Shell each : Shell.values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
          return each;
        }
      }
      throw new TypeConversionException(
          Names.quoted(text) + " is no shell that there is a script for: bash, zsh or fish");
    }
  }
}
