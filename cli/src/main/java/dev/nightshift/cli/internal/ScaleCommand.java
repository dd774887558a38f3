package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleFigures;
import dev.nightshift.common.scale.ScaleLog;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows how many workers are wanted.
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    subcommands = ScaleSetCommand.class,
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "Shows how many workers are wanted, and why.",
      "A scheduler decides it every few seconds. With -o name it is the number alone."
    },
    footer = {"", "Example: nightshift scale -w"})
public final class ScaleCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private Watch watch;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    try (FollowedLog<Optional<ScaleDecision>> log =
        ScaleLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      return watch.show(output, () -> print(log.view(), Instant.now()));
    }
  }

  private void print(Optional<ScaleDecision> said, Instant now) {
    said.ifPresent(decision -> {
      Map<String, Object> fields = new LinkedHashMap<>(decision.fields());
      fields.put("fresh", decision.isFresh(now));
      output.print(text(decision, now), Integer.toString(decision.wanted()), fields);
    });
    if (said.filter(is -> is.isFresh(now)).isEmpty()) {
      output.remark(
          said.map(is -> "no scheduler has decided for " + age(is.at(), now))
                  .orElse("no scheduler decides how many workers are wanted")
              + "; start one with: nightshift scheduler");
    }
  }

  static String text(ScaleDecision is, Instant now) {
    ScaleFigures figures = is.figures();
    return String.join(
        "\n",
        line("wanted", Integer.toString(is.wanted())),
        line("running", Integer.toString(is.running())),
        line("why", Output.cell(is.reason(), false)),
        line("since", age(is.since(), now) + " ago, " + is.since().truncatedTo(ChronoUnit.SECONDS)),
        line("bounds", is.bounds().text()),
        line("waiting", waiting(figures)),
        line(
            "rates",
            rate(figures.arrivals())
                + " arrive, "
                + rate(figures.drained())
                + " are drained, "
                + (figures.perWorker().isPresent()
                    ? rate(figures.perWorker().getAsDouble()) + " by a worker that is busy"
                    : "what a busy worker drains is not known")),
        line("said", age(is.at(), now) + " ago by " + is.scheduler()));
  }

  private static String line(String name, String value) {
    return "%-8s %s".formatted(name, value);
  }

  // How long the first has waited is known in steps of a sample.
  private static String waiting(ScaleFigures figures) {
    Duration oldest = figures.oldest().truncatedTo(ChronoUnit.SECONDS);
    String first =
        figures.waiting() == 0
            ? ""
            : oldest.isZero()
                ? ", the first came just now"
                : ", the first for about " + Durations.text(oldest);
    String more = figures.waiting() == 0 ? "" : " more";
    return number(figures.waiting())
        + first
        + (figures.limited() == 0
            ? ""
            : "; " + number(figures.limited()) + more + " for their queue's limit");
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%,.1f/s", perSecond);
  }

  // Clocks differ a little.
  private static String age(Instant at, Instant now) {
    Duration age = Duration.between(at, now).truncatedTo(ChronoUnit.SECONDS);
    return Durations.text(age.isNegative() ? Duration.ZERO : age);
  }
}
