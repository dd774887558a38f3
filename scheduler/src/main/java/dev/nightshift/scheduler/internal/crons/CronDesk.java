package dev.nightshift.scheduler.internal.crons;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPlan;
import dev.nightshift.common.cron.CronRecords;
import dev.nightshift.common.cron.CronState;
import dev.nightshift.common.cron.CronsView;
import dev.nightshift.common.cron.Overlap;
import dev.nightshift.scheduler.internal.timers.Act;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The crons whose ticks the owner of one partition of the delayed topic emits: what of them is
/// due, and how far they are. Owned by the partition's thread. Knows no clock and writes nothing
/// itself.
public final class CronDesk {
  /// The ticks of one cron that are written together: others have their turn after them.
  private static final int TICKS_MAX = 100;

  /// The bytes of one cron's ticks that are written together; one tick may exceed it.
  private static final long BYTES_MAX = 512 << 10;

  private final Parts parts;
  private final Consumer<Question> questions;
  private final CronEvents events;
  private Map<CronName, Entry> entries = new LinkedHashMap<>();
  private CronsView crons = CronsView.EMPTY;
  private ControlView control = ControlView.EMPTY;
  private long end;

  // Of all entries, until one of them changes: it is asked for in each turn.
  private Optional<OptionalLong> next = Optional.empty();

  /// What it works with.
  ///
  /// @param partition of the delayed topic
  /// @param partitions how many that topic has
  /// @param view what the topic of schedules says
  /// @param readTo the offset up to which the view is read
  /// @param end asks for the offset below which all stands that was written until now; throws as
  ///   Kafka does
  public record Parts(
      int partition,
      int partitions,
      Supplier<CronsView> view,
      LongSupplier readTo,
      LongSupplier end) {}

  /// Whether an event has ended, which the desk wants to know before it emits the next tick.
  ///
  /// @param tick the one whose event is asked for
  public record Question(int partition, CronName cron, Instant tick, String eventId) {}

  /// One cron, and where it is.
  private static final class Entry {
    private final Cron cron;
    private CronState state;
    private Optional<Instant> next;
    private boolean asked;
    private Optional<Boolean> running = Optional.empty();
    private boolean refused;
    private Instant restsUntil = Instant.MIN;

    Entry(Cron cron, CronState state) {
      this.cron = cron;
      this.state = state;
      // No instant is as early as that, so nothing is due.
      this.next = CronPlan.of(cron, state, Instant.EPOCH, false).next();
    }

    Optional<Instant> due() {
      return asked && running.isEmpty()
          ? Optional.empty()
          : next.map(tick -> tick.isAfter(restsUntil) ? tick : restsUntil);
    }

    boolean wantsToKnow() {
      return cron.settings().overlap() == Overlap.SKIP
          && state.lastEmitted().isPresent()
          && running.isEmpty();
    }
  }

  /// @param questions hears what the desk wants to know, each thing once; [#answered] tells it
  public CronDesk(TopicPlan plan, Parts parts, Consumer<Question> questions) {
    this.parts = parts;
    this.questions = questions;
    this.events = new CronEvents(plan);
  }

  /// Forgets all: what a former owner, or a transaction whose end was not heard, may have written
  /// is read first.
  ///
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  public void begin() {
    entries = new LinkedHashMap<>();
    next = Optional.empty();
    crons = CronsView.EMPTY;
    end = parts.end().getAsLong();
  }

  /// Whether all was read that had been written when it began.
  public boolean isReady() {
    return parts.readTo().getAsLong() >= end;
  }

  /// Takes what is newly known.
  public void look(ControlView newest) {
    CronsView view = parts.view().get();
    if (view == crons && newest.version() == control.version()) {
      return;
    }
    crons = view;
    control = newest;
    next = Optional.empty();
    Map<CronName, Entry> known = entries;
    entries = new LinkedHashMap<>();
    for (Cron cron : view.crons()) {
      if (isMine(cron)) {
        Entry before = known.get(cron.name());
        if (before == null || !before.cron.key().equals(cron.key())) {
          entries.put(cron.name(), new Entry(cron, view.state(cron.key())));
        } else {
          entries.put(
              cron.name(), before.cron.equals(cron) ? before : new Entry(cron, before.state));
        }
      }
    }
  }

  private boolean isMine(Cron cron) {
    return CronRecords.partition(cron.name(), parts.partitions()) == parts.partition()
        && control.canvas(cron.name().canvas()).filter(canvas -> cron.isOf(canvas)).isPresent();
  }

  /// When something is due next, in microseconds since 1970; empty if nothing is.
  public OptionalLong nextMicros() {
    OptionalLong known = next.orElseGet(this::earliestMicros);
    next = Optional.of(known);
    return known;
  }

  private OptionalLong earliestMicros() {
    return entries.values().stream()
        .flatMap(entry -> entry.due().stream())
        .mapToLong(CronDesk::micros)
        .min();
  }

  private static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  /// What is to be written now.
  ///
  /// @param actsMax of how many crons at most
  /// @param bytesMax how much, at most; one act may exceed it
  public List<Act> acts(Instant now, int actsMax, long bytesMax) {
    List<Act> acts = new ArrayList<>();
    OptionalLong earliest = nextMicros();
    if (earliest.isEmpty() || earliest.getAsLong() > micros(now)) {
      return acts;
    }
    long bytes = 0;
    for (Entry entry : List.copyOf(entries.values())) {
      if (acts.size() >= actsMax || bytes >= bytesMax) {
        break;
      }
      if (entry.due().filter(tick -> !tick.isAfter(now)).isPresent()) {
        if (entry.wantsToKnow()) {
          ask(entry);
        } else {
          Act act = act(entry, now);
          acts.add(act);
          bytes += act.bytes();
        }
      }
    }
    return acts;
  }

  private void ask(Entry entry) {
    entry.asked = true;
    next = Optional.empty();
    Instant tick = entry.state.lastEmitted().orElseThrow();
    questions.accept(
        new Question(parts.partition(), entry.cron.name(), tick, entry.cron.eventId(tick)));
  }

  private Act act(Entry entry, Instant now) {
    int most = (int) Math.max(1, Math.min(TICKS_MAX, BYTES_MAX / events.bytesOf(entry.cron)));
    CronPlan plan = CronPlan.of(entry.cron, entry.state, now, entry.running.orElse(false), most);
    if (entry.refused) {
      plan = plan.withoutEvents(entry.state);
    }
    String topic = control.canvas(entry.cron.name().canvas()).orElseThrow().topic();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Instant tick : plan.ticks()) {
      records.add(events.record(entry.cron, tick, topic, now));
    }
    records.add(events.state(entry.cron.key(), plan.state()));
    return new Act.Tick(
        entry.cron.name(), plan, records, events.bytesOf(entry.cron) * (plan.ticks().size() + 1L));
  }

  /// What was to be written is written.
  public void done(Act.Tick act) {
    Entry entry = entries.remove(act.cron());
    next = Optional.empty();
    if (entry != null) {
      entry.state = act.plan().state();
      entry.next = act.plan().next();
      entry.asked = false;
      entry.running = Optional.empty();
      entry.refused = false;
      entries.put(act.cron(), entry); // behind the others
    }
  }

  /// Kafka will never take the events that were to be written: they are skipped.
  public void refused(Act.Tick act) {
    Entry entry = entries.get(act.cron());
    if (entry != null) {
      entry.refused = true;
    }
  }

  /// A topic cannot be written now: the crons of its canvases wait.
  public void rest(String topic, Instant now, Duration pause) {
    for (Entry entry : entries.values()) {
      boolean goesThere =
          control
              .canvas(entry.cron.name().canvas())
              .filter(canvas -> canvas.topic().equals(topic))
              .isPresent();
      if (goesThere) {
        entry.restsUntil = now.plus(pause);
        next = Optional.empty();
      }
    }
  }

  /// The answer to a question.
  ///
  /// @param running whether the event has not ended
  public void answered(Question question, boolean running) {
    Entry entry = entries.get(question.cron());
    if (entry != null
        && entry.asked
        && entry.state.lastEmitted().equals(Optional.of(question.tick()))) {
      entry.running = Optional.of(running);
      next = Optional.empty();
    }
  }
}
