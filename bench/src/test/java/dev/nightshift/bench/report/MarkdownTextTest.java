package dev.nightshift.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTextTest {
  @Test
  void ratiosAreThoseOfTheSidesOfOneRound() {
    Measured measured = new Measured();
    double[] ours = {100, 10, 40};
    double[] theirs = {100, 100, 100};
    for (int i = 0; i < ours.length; i++) {
      measured.add("ours", "events/s", "9", ours[i], new Faults(1, 0, 2), "cost " + i);
      measured.add("theirs", "events/s", "9", theirs[i]);
    }
    Report report =
        new Report(
            "run",
            "About.",
            measured.series(),
            List.of(
                Goal.atLeast("ours", 0.4, "theirs"),
                Goal.atMost("ours", 39),
                Goal.within("theirs", 5, "ours")),
            List.of("Remark."));
    assertEquals(
        """
        ### `run`

        About.

        | what | unit | median | least – most | of, a round | lost | doubled | started again | cost (median round) |
        |---|---|---|---|---|---|---|---|---|
        | ours | events/s | 40.0 | 10.0 – 100.0 | 9 | 3 | 0 | 6 | cost 2 |
        | theirs | events/s | 100.0 | 100.0 – 100.0 | 9 | 0 | 0 | 0 |  |

        | what | median | least – most | wanted | |
        |---|---|---|---|---|
        | ours / theirs | 0.40 | 0.10 – 1.00 | ≥ 0.4 | reached |
        | ours | 40.0 | 10.0 – 100.0 | ≤ 39 | **missed** |
        | theirs − ours | 60.0 | 0.00 – 90.0 | ≤ 5 | **missed** |

        - Remark.
        """,
        MarkdownText.of(report));
  }

  @Test
  void faultsAreCountedByEvent() {
    int[] starts = {1, 2, 1, 0};
    int[] ends = {1, 2, 0, 0};
    assertEquals(new Faults(2, 1, 1), Faults.of(starts, ends, 0));
    assertEquals(new Faults(2, 1, 5), Faults.of(starts, ends, 5));
  }

  @Test
  void aQuantileIsAValueThatWasMeasured() {
    double[] sorted = {1, 2, 3, 4};
    assertEquals(1, Quantiles.of(sorted, 0));
    assertEquals(2, Quantiles.of(sorted, 0.5));
    assertEquals(4, Quantiles.of(sorted, 0.99));
    assertEquals(2.5, Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median());
    assertEquals(
        "no value was measured: a quantile is of one or more",
        assertThrows(IllegalArgumentException.class, () -> Quantiles.of(new double[0], 0.5))
            .getMessage());
  }

  @Test
  void aGoalNamesTheSidesThatThereAre() {
    Report report =
        new Report("run", "About.", List.of(), List.of(Goal.atLeast("ours", 1)), List.of());
    assertEquals(
        "no side 'ours' was measured; there are []",
        assertThrows(IllegalArgumentException.class, () -> MarkdownText.of(report)).getMessage());
  }
}
