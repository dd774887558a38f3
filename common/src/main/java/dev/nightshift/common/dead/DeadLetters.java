package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A fleet's dead letters. What Kafka refuses or leaves unanswered is thrown as a
/// [dev.nightshift.common.FleetException]. For one thread.
public final class DeadLetters implements AutoCloseable {
  private static final int TOMBSTONES_MAX = 1_000;

  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Duration timeout;
  private final Fleet fleet;
  private final DeadLog log;

  private DeadLetters(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout, Fleet fleet) {
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.timeout = timeout;
    this.fleet = fleet;
    this.log = new DeadLog(clientConfig, plan, timeout);
  }

  /// The letters of a fleet; nothing is asked of it yet.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait for one answer
  /// @param fleet tells which canvases there are, and writes the audit; is not closed with this
  public static DeadLetters of(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout, Fleet fleet) {
    return new DeadLetters(Map.copyOf(clientConfig), plan, timeout, fleet);
  }

  /// A letter and what became of it. In lists without its key and payload.
  public record Found(Letter letter, LetterState state, Optional<LetterEnd> end) {}

  /// Letters, and how many more there are.
  ///
  /// @param letters the newest first
  /// @param total how many there are, those that are not listed among them
  public record Listed(List<Found> letters, long total) {}

  /// Lists letters.
  ///
  /// @param all also those that were redriven or discarded
  /// @param limit at most as many, the newest
  /// @throws DeadLetterException.NotFound if the fleet has no dead topic
  public Listed list(LetterFilter filter, boolean all, int limit) {
    ControlView view = fleet.view();
    DeadLog.Extent extent = log.extent();
    LetterEnds ends = log.ends(extent, Optional.empty());
    Comparator<Found> byAge =
        Comparator.comparing((Found found) -> found.letter().diedAt())
            .thenComparing(found -> found.letter().id());
    PriorityQueue<Found> newest = new PriorityQueue<>(byAge);
    long[] total = {0};
    log.read(
        extent,
        filter,
        record -> {
          Letter letter = Letter.of(record, view, plan);
          LetterState state = ends.state(letter.id());
          if ((all || state == LetterState.OPEN) && filter.takes(letter)) {
            total[0]++;
            newest.add(new Found(letter.withoutPayload(), state, Optional.empty()));
            if (newest.size() > limit) {
              newest.remove();
            }
          }
        });
    List<Found> listed = new ArrayList<>(newest);
    listed.sort(byAge.reversed());
    return new Listed(List.copyOf(listed), total[0]);
  }

  /// One letter, whole.
  ///
  /// @param name its [LetterId], or its event's id
  /// @throws DeadLetterException.NotFound if there is none
  /// @throws DeadLetterException.Ambiguous if the event has several that are open
  public Found get(String name) {
    ControlView view = fleet.view();
    DeadLog.Extent extent = log.extent();
    LetterEnds ends = log.ends(extent, Optional.empty());
    LetterId id = find(List.of(name), extent, ends, view).get(0).letter().id();
    LetterSet one = new LetterSet();
    one.add(id);
    Letter letter =
        log.source(one).next(1, Long.MAX_VALUE).stream()
            .findFirst()
            .map(record -> Letter.of(record, view, plan))
            .orElseThrow(() -> new LetterNames(plan, extent).notFound(List.of(name)));
    return new Found(letter, ends.state(id), log.ends(extent, Optional.of(id)).end());
  }

  /// Looks what redriving letters would do. Changes nothing.
  ///
  /// @throws DeadLetterException.NotFound if one is named that is not there
  /// @throws DeadLetterException.Ambiguous if an event is named that has several that are open
  public LetterPlan planRedrive(LetterChoice choice) {
    ControlView view = fleet.view();
    Set<String> topics = topics(view);
    DeadLog.Extent extent = log.extent();
    return plan(
        view,
        extent,
        new LetterPlan(
            LetterState.REDRIVEN,
            choice,
            extent.topicId(),
            letter -> Redelivery.obstacle(letter, topics::contains)));
  }

  /// Looks what discarding letters would do; see [#planRedrive].
  public LetterPlan planDiscard(LetterChoice choice) {
    DeadLog.Extent extent = log.extent();
    return plan(
        fleet.view(),
        extent,
        new LetterPlan(
            LetterState.DISCARDED, choice, extent.topicId(), letter -> Optional.empty()));
  }

  private Set<String> topics(ControlView view) {
    return log.topics(
        view.canvases().stream().map(Canvas::topic).collect(Collectors.toUnmodifiableSet()));
  }

  private LetterPlan plan(ControlView view, DeadLog.Extent extent, LetterPlan planned) {
    LetterEnds ends = log.ends(extent, Optional.empty());
    LetterChoice choice = planned.choice();
    if (choice.names().isEmpty()) {
      log.read(
          extent,
          choice.filter(),
          record -> {
            Letter letter = Letter.of(record, view, plan);
            LetterState state = ends.state(letter.id());
            if (state == LetterState.OPEN && choice.filter().takes(letter)) {
              planned.add(letter, state);
            }
          });
    } else {
      find(choice.names(), extent, ends, view)
          .forEach(found -> planned.add(found.letter(), found.state()));
    }
    planned.close();
    return planned;
  }

  // In the order of the names, without their payloads; each once.
  private List<Found> find(
      List<String> names, DeadLog.Extent extent, LetterEnds ends, ControlView view) {
    LetterNames wanted = new LetterNames(plan, extent);
    LetterSet places = wanted.begin(names);
    Function<ConsumerRecord<byte[], byte[]>, Found> found =
        record -> {
          Letter letter = Letter.of(record, view, plan).withoutPayload();
          return new Found(letter, ends.state(letter.id()), Optional.empty());
        };
    if (wanted.hasEvents()) {
      log.read(extent, LetterFilter.ALL, record -> wanted.offer(found.apply(record)));
    } else {
      LetterSource source = log.source(places);
      List<ConsumerRecord<byte[], byte[]>> some = source.next(TOMBSTONES_MAX, Long.MAX_VALUE);
      while (!some.isEmpty()) {
        some.forEach(record -> wanted.offer(found.apply(record)));
        some = source.next(TOMBSTONES_MAX, Long.MAX_VALUE);
      }
    }
    return wanted.found();
  }

  /// Begins to do what a plan says: notes it in the audit, stops whoever else redrives or discards,
  /// and leaves out what was done since the plan was made.
  ///
  /// @throws DeadLetterException.NotFound if the fleet has no topic to note what was done
  public LetterJob begin(LetterPlan planned, Cause cause) {
    log.checkEnds();
    String action = planned.what() == LetterState.REDRIVEN ? "dead redrive" : "dead discard";
    planned
        .byTarget()
        .forEach((target, count) ->
            fleet.audit(
                action,
                target,
                count
                    + (count == 1 ? " dead letter (" : " dead letters (")
                    + planned.choice().text()
                    + ")",
                planned.what().label(),
                cause));
    DeadWriter writer = DeadWriter.open(clientConfig, plan, timeout);
    try {
      // Only now is nobody else writing: what the ends say now is true until somebody overtakes.
      DeadLog.Extent extent = log.extent();
      checkTopic(planned, extent);
      LetterEnds ends = log.ends(extent, Optional.empty());
      LetterSet letters = open(planned.letters(), ends);
      forgetGone(writer, ends);
      Set<String> topics = topics(fleet.latest());
      return new LetterJob(
          new LetterJob.Setup(
              planned.what(), cause, plan, extent.topicId(), fleet::latest, topics::contains),
          log.source(letters),
          writer,
          letters.size());
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  // Other letters would be at the same places.
  private void checkTopic(LetterPlan planned, DeadLog.Extent extent) {
    if (!planned.topicId().equals(extent.topicId())) {
      throw new DeadLetterException.NotFound(
          "topic "
              + plan.dead()
              + " was deleted and made again meanwhile, and the letters with it. Nothing was done");
    }
  }

  private static LetterSet open(LetterSet planned, LetterEnds ends) {
    LetterSet open = new LetterSet();
    planned.forEach(letter -> {
      if (ends.state(letter) == LetterState.OPEN) {
        open.add(letter);
      }
    });
    return open;
  }

  private void forgetGone(DeadWriter writer, LetterEnds ends) {
    List<String> gone = ends.gone();
    for (int from = 0; from < gone.size(); from += TOMBSTONES_MAX) {
      List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
      for (String key : gone.subList(from, Math.min(gone.size(), from + TOMBSTONES_MAX))) {
        tombstones.add(
            new ProducerRecord<>(plan.deadDone(), LetterEnd.PARTITION, key.getBytes(UTF_8), null));
      }
      writer.write(tombstones);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
