package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.testkit.HandlerRun;
import dev.nightshift.testkit.TestHandler;
import org.junit.jupiter.api.Test;

class BillTest {
  @Test
  void anOrderIsBilled() {
    HandlerRun run = TestHandler.of(new Bill()).run("{\"number\":7,\"cents\":1250}");
    assertEquals("completed, returned order 7: 1250", run.toString());
  }
}
