package dev.nightshift.common.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.ledger.SettledPart.Committed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SettledPartTest {
  private static final Uuid TOPIC = new Uuid(1, 2);
  private static final Uuid FORMER = new Uuid(1, 3);

  private static OptionalLong before(long end, Committed... groups) {
    return SettledPart.before(TOPIC, end, Stream.of(groups).map(Optional::of).toList());
  }

  private static Committed committed(Uuid topicId, long base) {
    return new Committed(base, LedgerCodec.encode(Ledger.empty(topicId, base), "one"));
  }

  @Test
  void a_base_of_this_topic_within_its_log_is_settled_below() {
    assertEquals(OptionalLong.of(7), before(9, committed(TOPIC, 7)));
    assertEquals(OptionalLong.of(9), before(9, committed(TOPIC, 9)));
    assertEquals(OptionalLong.of(0), before(9, committed(TOPIC, 0)));
  }

  @Test
  void what_was_committed_of_a_former_topic_of_this_name_says_nothing() {
    assertEquals(OptionalLong.empty(), before(9, committed(FORMER, 7)));
    assertEquals(OptionalLong.empty(), before(9, committed(TOPIC, 10)), "beyond the end");
  }

  @Test
  void an_offset_without_a_ledger_says_nothing() {
    assertEquals(OptionalLong.empty(), before(9, new Committed(7, "")));
    assertEquals(OptionalLong.empty(), before(9, new Committed(7, "another tool's")));
    assertEquals(OptionalLong.empty(), SettledPart.before(TOPIC, 9, List.of(Optional.empty())));
  }

  @Test
  void the_slowest_group_counts_and_none_is_left_out() {
    assertEquals(OptionalLong.of(3), before(9, committed(TOPIC, 7), committed(TOPIC, 3)));
    assertEquals(
        OptionalLong.empty(),
        SettledPart.before(TOPIC, 9, List.of(Optional.of(committed(TOPIC, 7)), Optional.empty())));
    assertEquals(OptionalLong.empty(), before(9, committed(TOPIC, 7), committed(FORMER, 3)));
    assertEquals(OptionalLong.empty(), SettledPart.before(TOPIC, 9, List.of()), "no group at all");
  }

  /// Groups settle what they read in any order; each ledger may be an older one.
  @TestFactory
  Stream<DynamicTest> nothing_that_some_group_has_not_completed_is_settled() {
    return LongStream.range(0, 300)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(new Random(seed))));
  }

  private static void run(Random random) {
    long end = random.nextInt(2_000);
    List<Ledger> ledgers = new ArrayList<>();
    List<Optional<Committed>> groups = new ArrayList<>();
    boolean known = true;
    for (int group = 0; group < 1 + random.nextInt(3); group++) {
      boolean former = random.nextInt(8) == 0;
      Ledger ledger = Ledger.empty(former ? FORMER : TOPIC, random.nextInt(5));
      Optional<Committed> committed = settle(ledger, end, random);
      ledgers.add(ledger);
      groups.add(committed);
      known &= committed.isPresent() && !former;
    }
    OptionalLong before = SettledPart.before(TOPIC, end, groups);
    for (long offset = 0; offset < before.orElse(0); offset++) {
      for (Ledger ledger : ledgers) {
        assertEquals(Mark.COMPLETED, ledger.mark(offset), "offset " + offset);
      }
    }
    boolean fit = known && groups.stream().allMatch(each -> each.orElseThrow().base() <= end);
    assertEquals(fit, before.isPresent());
  }

  // What was committed at some moment of it, perhaps not the last.
  private static Optional<Committed> settle(Ledger ledger, long end, Random random) {
    Optional<Committed> committed = Optional.empty();
    for (long next = ledger.end(); next < end; next++) {
      ledger.receive(next);
      ledger.claim(next);
      for (int i = random.nextInt(4); i > 0; i--) {
        ledger
            .firstOpen(Math.max(ledger.base(), next - random.nextInt(300)))
            .ifPresent(ledger::complete);
      }
      if (random.nextInt(50) == 0) {
        committed =
            Optional.of(new Committed(ledger.base(), LedgerCodec.encode(ledger, "a worker")));
      }
    }
    return committed;
  }
}
