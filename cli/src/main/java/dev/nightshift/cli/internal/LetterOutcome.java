package dev.nightshift.cli.internal;

import dev.nightshift.common.dead.LetterJob;
import dev.nightshift.common.dead.LetterPlan;
import dev.nightshift.common.dead.LetterState;
import dev.nightshift.common.dead.Stays;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What became, or would become, of the dead letters of a plan. For one thread.
final class LetterOutcome {
  private static final int NAMED_MAX = 20;

  private final LetterPlan plan;
  private final String verb;
  private @Nullable LetterJob job;

  LetterOutcome(LetterPlan plan) {
    this.plan = plan;
    this.verb = plan.what() == LetterState.REDRIVEN ? "redriven" : "discarded";
  }

  void began(LetterJob begun) {
    job = begun;
  }

  private long done() {
    LetterJob begun = job;
    return begun == null ? 0 : begun.done();
  }

  private long left() {
    LetterJob begun = job;
    return begun == null ? 0 : begun.left();
  }

  // Those that somebody else did since the plan was made.
  private long meanwhile() {
    LetterJob begun = job;
    return begun == null ? 0 : plan.count() - begun.total();
  }

  private List<Stays> stays() {
    LetterJob begun = job;
    return begun == null ? List.of(plan.stays()) : List.of(plan.stays(), begun.stays());
  }

  private long stayCount() {
    return stays().stream().mapToLong(Stays::count).sum();
  }

  private Stream<Stays.Stay> named() {
    return stays().stream().flatMap(each -> each.named().stream());
  }

  /// Whether somebody named a letter that cannot be redriven.
  boolean namedOnesStay() {
    return plan.isByName() && stayCount() > 0;
  }

  /// Says how far it came, on stderr, before it is said why it failed.
  void warnOfThePart() {
    System.err.println(
        "nightshift: " + LetterReport.letters(done()) + " of " + plan.count() + " " + were(done()));
  }

  private String were(long count) {
    return (count == 1 ? "was " : "were ") + verb;
  }

  void print(Output output, boolean dryRun) {
    if (plan.count() + stayCount() + plan.already() == 0) {
      output.remark(LetterOptions.NO_SUCH);
    }
    output.print(
        String.join("\n", lines(dryRun)),
        Long.toString(dryRun ? plan.count() : done()),
        fields(dryRun));
    named()
        .limit(NAMED_MAX)
        .forEach(stay ->
            System.err.println(
                "nightshift: " + stay.letter() + " stays: " + Output.cell(stay.reason())));
    if (stayCount() > NAMED_MAX) {
      System.err.println("nightshift: … and " + (stayCount() - NAMED_MAX) + " more stay");
    }
  }

  private List<String> lines(boolean dryRun) {
    List<String> lines = new ArrayList<>();
    if (dryRun) {
      lines.add(LetterReport.letters(plan.count()) + " would be " + verb);
      plan.byTarget()
          .forEach((target, count) -> lines.add("  " + Output.cell(target) + ": " + count));
    } else {
      lines.add(LetterReport.letters(done()) + " " + were(done()));
    }
    byReason()
        .forEach((reason, count) ->
            lines.add(count + (count == 1 ? " stays: " : " stay: ") + Output.cell(reason)));
    long already = plan.already() + meanwhile();
    if (already > 0) {
      lines.add(already + (already == 1 ? " was" : " were") + " redriven or discarded before");
    }
    if (left() > 0) {
      lines.add(left() + (left() == 1 ? " was" : " were") + " not come to");
    }
    if (plan.beyond() > 0) {
      lines.add(plan.beyond() + " more are there");
    }
    return lines;
  }

  private Map<String, Long> byReason() {
    Map<String, Long> all = new TreeMap<>();
    stays()
        .forEach(each ->
            each.byReason().forEach((reason, count) -> all.merge(reason, count, Long::sum)));
    return all;
  }

  private Map<String, Object> fields(boolean dryRun) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dryRun", dryRun);
    fields.put("selected", plan.count());
    fields.put(verb, done());
    fields.put("already", plan.already() + meanwhile());
    fields.put("notComeTo", left());
    fields.put("more", plan.beyond());
    fields.put("stay", stayCount());
    fields.put("queues", plan.byTarget());
    fields.put(
        "stays",
        named()
            .map(stay -> {
              Map<String, Object> each = new LinkedHashMap<>();
              each.put("letter", stay.letter().toString());
              each.put("reason", stay.reason());
              return each;
            })
            .toList());
    return fields;
  }
}
