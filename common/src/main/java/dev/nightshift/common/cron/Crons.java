package dev.nightshift.common.cron;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.ControlWriter;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A fleet's crons: sets, pauses, resumes and deletes them. Each change is noted in the audit
/// before it is made, and is made when the call returns. Every call is idempotent and safe to
/// repeat. Of two processes that change a cron at the same time, the later one is right. Safe for
/// use by many threads.
public final class Crons implements AutoCloseable {
  private final TopicPlan plan;
  private final Cluster cluster;
  private final Fleet fleet;
  private final ControlWriter writer;
  private final FollowedLog<CronsView> log;
  private final InstantSource clock;

  private Crons(
      TopicPlan plan,
      Cluster cluster,
      Fleet fleet,
      ControlWriter writer,
      FollowedLog<CronsView> log,
      InstantSource clock) {
    this.plan = plan;
    this.cluster = cluster;
    this.fleet = fleet;
    this.writer = writer;
    this.log = log;
    this.clock = clock;
  }

  /// A fleet's crons; those that there are were read when it returns.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait for one answer
  /// @param fleet the same fleet; stays open
  /// @throws dev.nightshift.common.FleetException if the topic of schedules cannot be read
  public static Crons of(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout, Fleet fleet) {
    return of(clientConfig, plan, timeout, fleet, InstantSource.system());
  }

  static Crons of(
      Map<String, Object> clientConfig,
      TopicPlan plan,
      Duration timeout,
      Fleet fleet,
      InstantSource clock) {
    Cluster cluster = Cluster.of(clientConfig, timeout);
    FollowedLog<CronsView> log = CronsLog.start(clientConfig, plan, timeout);
    return new Crons(
        plan, cluster, fleet, new ControlWriter(clientConfig, plan, cluster), log, clock);
  }

  /// What the topic of schedules says at this moment.
  ///
  /// @throws dev.nightshift.common.FleetException.Unreachable if it cannot be read to its end
  public CronsView view() {
    return cluster.fresh(log, "read the crons' topic " + plan.schedules());
  }

  /// Why [#view] may lack a cron: a record that this version cannot read.
  public Optional<String> problem() {
    return log.problem();
  }

  /// The crons of canvases as they are now, by name: not those of canvases that were deleted.
  public List<Cron> all() {
    ControlView control = fleet.view();
    return view().crons().stream()
        .filter(cron ->
            control.canvas(cron.name().canvas()).filter(canvas -> cron.isOf(canvas)).isPresent())
        .toList();
  }

  /// One cron.
  ///
  /// @throws dev.nightshift.common.FleetException.UnknownCanvas if there is no such canvas
  /// @throws UnknownCronException if the canvas has no such cron
  public Cron cron(CronName name) {
    return find(name).orElseThrow(() -> new UnknownCronException(name));
  }

  /// One cron, if its canvas has one of that name.
  ///
  /// @throws dev.nightshift.common.FleetException.UnknownCanvas if there is no such canvas
  public Optional<Cron> find(CronName name) {
    return find(name, fleet.existing(name.canvas()));
  }

  private Optional<Cron> find(CronName name, Canvas canvas) {
    return view().cron(new CronKey(name, canvas.generation())).filter(cron -> cron.isOf(canvas));
  }

  /// Sets a cron: makes it, or changes one that there is. It emits nothing for times up to now. One
  /// that is paused stays so.
  ///
  /// @throws dev.nightshift.common.FleetException.UnknownCanvas if there is no such canvas
  public CronChange set(CronName name, CronSettings settings, Cause cause) {
    Canvas canvas = fleet.existing(name.canvas());
    Optional<Cron> before = find(name, canvas);
    if (before.filter(cron -> cron.settings().equals(settings)).isPresent()) {
      return new CronChange(false, before, before);
    }
    Instant now = now();
    Cron after =
        new Cron(
            name,
            canvas.generation(),
            settings,
            before.flatMap(Cron::pause),
            now,
            cause.actor(),
            now);
    return change("cron set", before, after, cause);
  }

  /// Pauses a cron: it emits nothing until it is resumed, nor for the time until then.
  ///
  /// @throws UnknownCronException if there is no such cron
  public CronChange pause(CronName name, Cause cause) {
    Cron before = cron(name);
    return before.pause().isPresent()
        ? new CronChange(false, Optional.of(before), Optional.of(before))
        : change(
            "cron pause",
            Optional.of(before),
            before.paused(new CronPause(cause.actor(), now(), cause.reason())),
            cause);
  }

  /// Resumes a cron. It emits nothing for times up to now.
  ///
  /// @throws UnknownCronException if there is no such cron
  public CronChange resume(CronName name, Cause cause) {
    Cron before = cron(name);
    return before.pause().isEmpty()
        ? new CronChange(false, Optional.of(before), Optional.of(before))
        : change("cron resume", Optional.of(before), before.resumed(now()), cause);
  }

  /// Deletes a cron.
  ///
  /// @throws UnknownCronException if there is no such cron
  public CronChange delete(CronName name, Cause cause) {
    Cron before = cron(name);
    fleet.audit("cron delete", name.toString(), before.text(), "none", cause);
    takeAway(before.key());
    return new CronChange(true, Optional.of(before), Optional.empty());
  }

  /// Takes away what is stored of crons whose canvas was deleted: they tick no more. That is no
  /// change that anybody asked for, so it is not in the audit. Those of a canvas that was created
  /// again under the same name are left alone, however late this is done. Who does the same at once
  /// does no harm, and what a scheduler writes that has not heard of it yet is taken away the next
  /// time.
  ///
  /// @param most of how many crons at most
  /// @return of how many it was done
  public int takeAwayDeleted(int most) {
    List<CronKey> keys = view().deleted(fleet.view()).stream().limit(most).toList();
    keys.forEach(this::takeAway);
    return keys.size();
  }

  private void takeAway(CronKey key) {
    String doing = "delete the record of cron " + key.name();
    writer.write(doing, CronRecords.deleted(plan, key));
    writer.write(doing, CronRecords.forgotten(plan, key));
  }

  private CronChange change(String action, Optional<Cron> before, Cron after, Cause cause) {
    String name = after.name().toString();
    fleet.audit(action, name, before.map(Cron::text).orElse("none"), after.text(), cause);
    writer.write("write the record of cron " + name, CronRecords.of(plan, after));
    return new CronChange(true, before, Optional.of(after));
  }

  // As it will be read.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public void close() {
    writer.close();
    log.close();
  }
}
