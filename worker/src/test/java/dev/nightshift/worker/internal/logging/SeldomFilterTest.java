package dev.nightshift.worker.internal.logging;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class SeldomFilterTest {
  private final SeldomFilter filter = new SeldomFilter();

  @Test
  void one_warning_a_minute_passes() {
    filter.setLogger("talkative");
    assertTrue(passes("talkative", Level.WARN, 1_000));
    assertFalse(passes("talkative", Level.WARN, 1_001));
    assertFalse(passes("talkative", Level.WARN, 60_999));
    assertTrue(passes("talkative", Level.WARN, 61_000));
    assertFalse(passes("talkative", Level.WARN, 120_999));
  }

  @Test
  void errors_and_other_loggers_always_pass() {
    filter.setLogger("talkative");
    assertTrue(passes("talkative", Level.WARN, 1_000));
    assertTrue(passes("talkative", Level.ERROR, 1_001));
    assertTrue(passes("other", Level.WARN, 1_001));
    assertTrue(passes("other", Level.WARN, 1_002));
  }

  private boolean passes(String logger, Level level, long millis) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(logger);
    event.setLevel(level);
    event.setTimeStamp(millis);
    return filter.decide(event) != FilterReply.DENY;
  }
}
