package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// The workers of `nightshift fleet`: as many as are wanted are kept alive, the others are drained,
/// those with the highest numbers first. There are never more processes than [#FleetWorkers] was
/// told, those that drain among them. Owned by one thread, which calls [#turn] again and again.
final class FleetWorkers implements AutoCloseable {
  private final List<Member> members = new ArrayList<>();
  private final Told told;
  private int exitCode = ExitCode.DONE;
  private boolean ending;

  /// One of them, whether it runs or not.
  ///
  /// @param kept its process
  /// @param lastLines where its last lines stand when it has ended, in words
  record Member(KeptProcess kept, String name, String lastLines) {
    private String text(ChildProcess process) {
      return "worker " + name + " (process " + process.pid() + ")";
    }

    private boolean runs() {
      return kept.process().isPresent();
    }
  }

  /// Who is told what happens.
  ///
  /// @param changes hears what was asked for
  /// @param troubles hears what was not
  record Told(Consumer<String> changes, Consumer<String> troubles) {}

  /// Starts none yet.
  ///
  /// @param max as many run at most
  /// @param member makes the one of a number from 1
  FleetWorkers(int max, IntFunction<Member> member, Told told) {
    this.told = told;
    for (int number = 1; number <= max; number++) {
      members.add(member.apply(number));
    }
    want(0, 0);
  }

  /// From now on as many are wanted.
  void want(int workers, long nanos) {
    for (int i = 0; i < members.size(); i++) {
      KeptProcess kept = members.get(i).kept();
      boolean wanted = i < workers;
      kept.want(wanted);
      if (!wanted && !kept.draining()) {
        kept.drain(nanos);
      }
    }
  }

  /// Does what is due.
  void turn(long nanos) {
    for (Member member : members) {
      member.kept().turn(nanos).ifPresent(change -> tell(member, change));
    }
  }

  private void tell(Member member, KeptProcess.Change change) {
    switch (change) {
      case KeptProcess.Change.Started(ChildProcess process) ->
          told.changes().accept(member.text(process) + " was started");
      case KeptProcess.Change.NotStarted not ->
          told.troubles()
              .accept(
                  "worker "
                      + member.name()
                      + " could not be started ("
                      + not.why().getMessage()
                      + "); it is tried again in "
                      + Durations.text(not.pause()));
      case KeptProcess.Change.Died(ChildProcess process, Duration pause) ->
          died(member, process, pause);
      case KeptProcess.Change.Drained(ChildProcess process, boolean killed) ->
          drained(member, process, killed);
    }
  }

  private void died(Member member, ChildProcess process, Duration pause) {
    told.troubles()
        .accept(
            member.text(process)
                + " "
                + process.end()
                + "; another starts in "
                + Durations.text(pause)
                + ", what it ran is run again. Why it ended stands "
                + member.lastLines());
  }

  private void drained(Member member, ChildProcess process, boolean killed) {
    String text = member.text(process);
    if (killed) {
      failed(text + " did not end when its grace period was over and was killed");
    } else if (process.status() == ExitCode.DONE || process.endedByTerm()) {
      told.changes().accept(text + " has drained");
    } else if (process.status() == ExitCode.HANDED_BACK) {
      if (ending && exitCode == ExitCode.DONE) {
        exitCode = ExitCode.HANDED_BACK;
      }
      told.changes().accept(text + " has handed back what was not finished in time");
    } else {
      failed(text + " " + process.end() + " while it drained. Why stands " + member.lastLines());
    }
  }

  private void failed(String how) {
    if (ending) {
      exitCode = ExitCode.FAILED;
    }
    told.troubles().accept(how + "; what it ran is run again elsewhere");
  }

  /// How many processes there are.
  int running() {
    return (int) members.stream().filter(Member::runs).count();
  }

  /// Drains all, side by side, for good.
  void drain(long nanos) {
    ending = true;
    want(0, nanos);
  }

  /// Tells those that still drain to hand back at once.
  void handBack() {
    members.forEach(member -> member.kept().handBack());
  }

  /// How the last drain went: [ExitCode#DONE], [ExitCode#HANDED_BACK], or [ExitCode#FAILED] where
  /// one did not end as it should.
  int exitCode() {
    return exitCode;
  }

  /// Kills what is left.
  @Override
  public void close() {
    members.forEach(member -> member.kept().close());
  }
}
