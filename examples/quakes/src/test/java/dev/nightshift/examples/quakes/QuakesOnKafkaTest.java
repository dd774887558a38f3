package dev.nightshift.examples.quakes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.testkit.HandlerRun;
import dev.nightshift.testkit.NightshiftExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class QuakesOnKafkaTest {
  @RegisterExtension
  static final NightshiftExtension NIGHTSHIFT =
      NightshiftExtension.running(new Assess(), new Alert());

  @Test
  void aStrongQuakeRaisesAnAlert() {
    String id = NIGHTSHIFT.emitter().emitJson("quakes", "assess", QuakesTest.HUALIEN).join().id();
    HandlerRun assessed = NIGHTSHIFT.await(id);
    assertEquals("strong", assessed.result().orElseThrow());
    HandlerRun alert = NIGHTSHIFT.await(assessed.children().get(0).id());
    assertEquals(
        "M 6.4, 22km NNE of Hualian, Taiwan, 2018-02-06T15:50:42.400Z, 10.64 km deep, tsunami"
            + " possible",
        alert.result().orElseThrow());
  }
}
