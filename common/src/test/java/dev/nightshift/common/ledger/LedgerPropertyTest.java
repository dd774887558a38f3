package dev.nightshift.common.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Any order of claims and completions, against a model that keeps one mark an offset. A test's
/// name is its seed.
class LedgerPropertyTest {
  private static final int CHARS_MAX = 4_096;

  @TestFactory
  java.util.stream.Stream<DynamicTest> agreesWithTheModelAndSurvivesWriting() {
    return LongStream.range(0, 150)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(new Random(seed))));
  }

  private static void run(Random random) throws Exception {
    long base = random.nextInt(2) == 0 ? random.nextInt(3_000) : Math.abs(random.nextLong() >> 8);
    Ledger ledger = Ledger.empty(Uuid.randomUuid(), base);
    Map<Long, Mark> model = new TreeMap<>();
    long next = base;
    int completing = 1 + random.nextInt(9);
    long bits = LedgerCodec.pageBits(CHARS_MAX);
    for (int step = 0; step < 30_000; step++) {
      if (random.nextInt(10) >= completing && ledger.hasRoom(bits)) {
        next += random.nextInt(20) == 0 ? random.nextInt(2_000) : 0;
        ledger.receive(next);
        model.put(next++, Mark.UNTOUCHED);
      } else if (!model.isEmpty()) {
        change(ledger, model, pick(model, random), random);
      }
      if (step % 3_000 == 0) {
        check(ledger, model, base, next);
      }
    }
    check(ledger, model, base, next);
  }

  private static long pick(Map<Long, Mark> model, Random random) {
    long first = ((TreeMap<Long, Mark>) model).firstKey();
    long last = ((TreeMap<Long, Mark>) model).lastKey();
    long at = first + (long) (random.nextDouble() * (last - first + 1));
    return ((TreeMap<Long, Mark>) model).floorKey(at);
  }

  private static void change(Ledger ledger, Map<Long, Mark> model, long offset, Random random) {
    switch (model.getOrDefault(offset, Mark.COMPLETED)) {
      case UNTOUCHED -> {
        ledger.claim(offset);
        model.put(offset, Mark.CLAIMED);
      }
      case CLAIMED -> {
        switch (random.nextInt(20)) {
          case 0 -> {
            ledger.release(offset);
            model.put(offset, Mark.UNTOUCHED);
          }
          case 1 -> {
            ledger.handBack(offset);
            model.put(offset, Mark.HANDED_BACK);
          }
          default -> complete(ledger, model, offset);
        }
      }
      case HANDED_BACK -> complete(ledger, model, offset);
      case COMPLETED -> throw new AssertionError("the model forgets what is completed");
    }
  }

  private static void complete(Ledger ledger, Map<Long, Mark> model, long offset) {
    long before = ledger.cost();
    ledger.complete(offset);
    model.remove(offset);
    assertTrue(ledger.cost() <= before, "completing never costs");
  }

  private static void check(Ledger ledger, Map<Long, Mark> model, long base, long end)
      throws Exception {
    same(ledger, model, base, end);
    same(ledger.copy(), model, base, end);
    String text = LedgerCodec.encode(ledger, "worker-1");
    assertTrue(text.length() <= CHARS_MAX, () -> "written in " + text.length() + " characters");
    LedgerCodec.Decoded decoded = LedgerCodec.decode(ledger.base(), text);
    assertEquals("worker-1", decoded.writer());
    assertEquals(ledger.topicId(), decoded.ledger().topicId());
    assertEquals(ledger.cost(), decoded.ledger().cost());
    same(decoded.ledger(), model, base, end);
  }

  private static void same(Ledger ledger, Map<Long, Mark> model, long base, long end) {
    assertEquals(end, ledger.end());
    assertEquals(model.keySet().stream().findFirst().orElse(end), ledger.base());
    List<Long> claims =
        model.entrySet().stream()
            .filter(each -> each.getValue() != Mark.UNTOUCHED)
            .map(Map.Entry::getKey)
            .toList();
    assertEquals(claims.size(), ledger.claims());
    long from = base;
    for (long claim : claims) {
      assertEquals(OptionalLong.of(claim), ledger.firstClaim(from));
      from = claim + 1;
    }
    assertEquals(OptionalLong.empty(), ledger.firstClaim(from));
    model.forEach((offset, mark) -> assertEquals(mark, ledger.mark(offset), () -> "at " + offset));
    for (long offset = Math.max(base, end - 600); offset < end + 3; offset++) {
      Mark expected = offset >= end ? Mark.UNTOUCHED : Mark.COMPLETED;
      assertEquals(model.getOrDefault(offset, expected), ledger.mark(offset));
    }
  }

  @Test
  void theWorstMixesFit() throws Exception {
    for (int gap : new int[] {1, 2, 5, 26, 255, 256, 1_000, 100_000}) {
      Ledger ledger = Ledger.empty(Uuid.randomUuid(), 0);
      long bits = LedgerCodec.pageBits(CHARS_MAX);
      for (long offset = 0; ledger.hasRoom(bits); offset += gap) {
        ledger.receive(offset);
        ledger.claim(offset);
      }
      String text = LedgerCodec.encode(ledger, "w".repeat(100));
      assertTrue(text.length() <= CHARS_MAX, "gap " + gap + ": " + text.length());
      assertEquals(ledger.cost(), LedgerCodec.decode(0, text).ledger().cost());
    }
  }

  @Test
  void whatIsNoLedgerIsRefused() {
    Random random = new Random(7);
    String good = LedgerCodec.encode(Ledger.empty(Uuid.randomUuid(), 5), "worker-1");
    String[] bad = {
      "", "x", "{\"offset\":5}", good.substring(1), good.substring(0, 9), good + good
    };
    for (String text : bad) {
      assertThrows(LedgerCodec.UnreadableException.class, () -> LedgerCodec.decode(5, text), text);
    }
    for (int i = 0; i < 2_000; i++) {
      char[] chars = good.toCharArray();
      int at = random.nextInt(chars.length);
      chars[at] = (char) (BitWriter.FIRST_CHAR + random.nextInt(1 << 15));
      String text = new String(chars);
      if (!text.equals(good)) {
        assertThrows(LedgerCodec.UnreadableException.class, () -> LedgerCodec.decode(5, text));
      }
    }
  }
}
