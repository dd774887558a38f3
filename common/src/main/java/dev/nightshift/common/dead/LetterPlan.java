package dev.nightshift.common.dead;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;

/// What redriving or discarding some letters would do: which it is, and which stay. Those that die
/// after it was made are not in it, so that an event that dies again and again is redriven once.
/// Owned by one thread. Pure.
public final class LetterPlan {
  private final LetterState what;
  private final LetterChoice choice;
  private final Uuid topicId;
  private final Function<Letter, Optional<String>> obstacle;
  private final LetterSet letters = new LetterSet();
  private final Map<String, Long> byTarget = new TreeMap<>();
  private final Stays stays = new Stays();
  private final PriorityQueue<Chosen> oldest =
      new PriorityQueue<>(
          Comparator.comparing((Chosen each) -> each.letter().diedAt())
              .thenComparing(each -> each.letter().id())
              .reversed());
  private long already;
  private long beyond;

  private record Chosen(Letter letter, String target) {}

  /// @param what becomes of them
  /// @param topicId Kafka's id of the dead topic
  /// @param obstacle why a letter stays, if it does
  LetterPlan(
      LetterState what,
      LetterChoice choice,
      Uuid topicId,
      Function<Letter, Optional<String>> obstacle) {
    this.what = what;
    this.choice = choice;
    this.topicId = topicId;
    this.obstacle = obstacle;
  }

  /// Takes in a letter that was chosen.
  void add(Letter letter, LetterState state) {
    if (state != LetterState.OPEN) {
      already++;
      return;
    }
    Optional<String> why = obstacle.apply(letter);
    if (why.isPresent()) {
      stays.add(letter.id(), why.get());
      return;
    }
    OptionalLong max = choice.max();
    Chosen chosen = new Chosen(letter, letter.target());
    if (max.isEmpty()) {
      choose(chosen);
      return;
    }
    oldest.add(new Chosen(letter.withoutPayload(), chosen.target()));
    if (oldest.size() > max.getAsLong()) {
      oldest.remove();
      beyond++;
    }
  }

  /// All were taken in.
  void close() {
    oldest.forEach(this::choose);
    oldest.clear();
  }

  private void choose(Chosen chosen) {
    letters.add(chosen.letter().id());
    byTarget.merge(chosen.target(), 1L, Long::sum);
  }

  LetterSet letters() {
    return letters;
  }

  Uuid topicId() {
    return topicId;
  }

  LetterChoice choice() {
    return choice;
  }

  /// What becomes of them: never [LetterState#OPEN].
  public LetterState what() {
    return what;
  }

  /// Whether the letters were named, not filtered.
  public boolean isByName() {
    return !choice.names().isEmpty();
  }

  /// How many it is about.
  public long count() {
    return letters.size();
  }

  /// How many there are of each `CANVAS/QUEUE`.
  public Map<String, Long> byTarget() {
    return Collections.unmodifiableMap(byTarget);
  }

  /// Those that were chosen and cannot be redriven.
  public Stays stays() {
    return stays;
  }

  /// How many of those that were named were redriven or discarded before.
  public long already() {
    return already;
  }

  /// How many more there are than were asked for.
  public long beyond() {
    return beyond;
  }
}
