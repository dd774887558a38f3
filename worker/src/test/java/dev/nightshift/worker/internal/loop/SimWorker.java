package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.CrashError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// One simulated worker process.
final class SimWorker implements EndTraces {
  private static final Duration CLOSE_RESERVE = Duration.ofSeconds(1);

  private final SimWorld world;
  private final String id;
  private final SimLog log;
  private final SimCanvases.Reader control;
  private final SimPeers.Reader peers;
  private final SimKills kills;
  private final boolean handlesSome;
  private final SimRemoval removal;
  private final SimAttempts attempts;
  private final Mailbox mailbox;
  private final int slots;
  private final WorkerLoop loop;
  private Instant frozenUntil = Instant.MIN;
  private boolean frozen;
  private boolean turning;
  private boolean gone;
  private Optional<Duration> drainOrder = Optional.empty();
  private Instant drainDue = Instant.MAX;

  SimWorker(SimWorld world, String id) {
    this.world = world;
    this.id = id;
    this.log = new SimLog(world, id);
    this.control = world.canvases.new Reader(world.clock);
    this.peers = world.peers.new Reader();
    this.kills = new SimKills(world, id);
    this.handlesSome = world.someHandle && (world.calm || world.random.nextBoolean());
    this.attempts = new SimAttempts(world, this, handlesSome);
    world.peers.beat(id, handlesSome);
    this.removal = new SimRemoval(world, world.removals);
    this.slots = 1 + world.random.nextInt(world.plan.slotsMax());
    this.mailbox = Mailbox.stepped(this::waits);
    WorkerLoop.Parts parts =
        new WorkerLoop.Parts(
            log,
            control,
            attempts,
            mailbox,
            new WorkerLoop.Others(world.canvases::want, peers, kills),
            this,
            this::reported);
    this.loop = new WorkerLoop(settings(), world.clock.time(), parts);
  }

  private LoopSettings settings() {
    return new LoopSettings(
        id,
        slots,
        500,
        1_000_000,
        Duration.ofMillis(10),
        Duration.ofMillis(2),
        Duration.ofSeconds(6),
        world.plan.revocationGrace(),
        CLOSE_RESERVE,
        50,
        100_000,
        world.plan.ledgerChars(),
        5,
        List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)),
        8,
        SimEvent.TOPICS);
  }

  String id() {
    return id;
  }

  boolean handlesSome() {
    return handlesSome;
  }

  int slots() {
    return slots;
  }

  SimLog log() {
    return log;
  }

  SimCanvases.Reader control() {
    return control;
  }

  boolean gone() {
    return gone;
  }

  boolean turning() {
    return turning;
  }

  /// What it has in hand.
  Load load() {
    return loop.load();
  }

  void kill() {
    world.tell(id, "dies");
    world.cluster.kill(id);
    gone = true;
  }

  /// Stands still between two turns.
  void freeze(Duration time) {
    world.tell(id, "freezes for " + time);
    if (!frozen && !gone) {
      world.cluster.freeze(id);
      frozen = true;
      frozenUntil = world.clock.instant().plus(time);
    }
  }

  void drain(Duration grace) {
    world.tell(id, "is told to drain within " + grace);
    mailbox.order(new Message.Drain(grace));
    drainOrder = Optional.of(grace);
  }

  void quiet(boolean on) {
    mailbox.order(new Message.Quiet(on));
  }

  void turn() {
    if (turning || gone || (frozen && world.clock.instant().isBefore(frozenUntil))) {
      return;
    }
    if (frozen) {
      frozen = false;
      world.cluster.thaw(id);
    }
    turning = true;
    try {
      tick();
    } catch (CrashError crash) {
      kill();
    } finally {
      turning = false;
    }
  }

  private void tick() {
    control.step(world.calm ? 1 : world.plan.refreshOneIn());
    peers.step(world.calm ? 1 : world.plan.refreshOneIn());
    kills.step();
    world.peers.beat(id, handlesSome);
    attempts.step(mailbox);
    List<Runnable> expected = attempts.expected();
    Instant now = world.clock.instant();
    drainOrder.ifPresent(grace -> {
      Instant due = now.plus(grace.compareTo(CLOSE_RESERVE) < 0 ? CLOSE_RESERVE : grace);
      drainDue = due.isBefore(drainDue) ? due : drainDue;
    });
    drainOrder = Optional.empty();
    gone = !loop.tick();
    if (gone) {
      world.peers.left(id);
    }
    if (!gone) {
      world.peers.acts(id, handlesSome, control.view().version());
      if (world.plan.removes()) {
        removal.step(peers.leads(), control.view(), peers);
      }
    }
    expected.forEach(Runnable::run);
    Load load = loop.load();
    check(
        load.claimed() == 0 || load.unwritten(), id + " claimed, wrote and did not start: " + load);
    check(gone || now.isBefore(drainDue), id + " drains for longer than its grace period");
  }

  // The loop waits for an attempt to end: time passes, for all.
  private void waits(Duration time) {
    world.pass(time);
    attempts.step(mailbox);
  }

  private void reported(WorkerEvent event) {
    world.tell(id, event);
    switch (event) {
      case WorkerEvent.LedgerDiscarded discarded ->
          throw new AssertionError("a ledger of our own was thrown away: " + discarded);
      case WorkerEvent.EventsVanished vanished ->
          throw new AssertionError("what had not ended was trimmed: " + vanished);
      case WorkerEvent.IgnoresInterrupt ignores -> attempts.reported(ignores.eventId());
      case WorkerEvent.Stopped stopped -> world.promises.handedBack(stopped.handedBack());
      default -> {
        // Not looked at.
      }
    }
  }

  @Override
  public ProducerRecord<byte[], byte[]> trace(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
    if (outcome == Outcome.NO_HANDLER) {
      boolean fresh = !control.asOf().isBefore(log.polledAt(event.record()));
      check(fresh, event.id() + " ends without a handler by an old view");
      check(!attempts.handles(canvas, event.queue()), event.id() + " has a handler: " + reason);
      boolean announced =
          event.queue().equals(SimEvent.QUEUE_OF_SOME)
              && world.peers.announcedBefore(log.polledAt(event.record()));
      check(!announced, event.id() + " ends without a handler, and a live worker has it");
    }
    if (outcome == Outcome.CANVAS_DELETED) {
      check(
          world.canvases.deleted(event.originTopic(), event.claimedCanvas()),
          event.id() + " ends as of a deleted canvas, and is not: " + reason);
    }
    boolean died = reason.contains("died or was cut off") && !canvas.isEmpty();
    if (died && event.suspicion() >= Suspects.ALONE) {
      world.promises.checkCounted(event.id(), event.attempt());
    }
    return SimEvent.trace(event, outcome);
  }

  @Override
  public ProducerRecord<byte[], byte[]> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
    String event = SimEvent.idOf(record.value()).orElseThrow();
    check(SimEvent.of(event).kind().undecodable(), event + " is undecodable: " + reason);
    return SimEvent.trace(event, 0, Outcome.UNDECODABLE);
  }
}
