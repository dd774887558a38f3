package dev.nightshift.worker.internal.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Lets through one warning a minute of one logger, and all that is worse. For a client of Kafka
/// that warns once a second and broker while a broker is away: that it is should be seen, but not
/// bury all else. Safe for use by many threads.
public final class SeldomFilter extends Filter<ILoggingEvent> {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final AtomicLong nextMillis = new AtomicLong(Long.MIN_VALUE);
  private String logger = "";

  /// Which logger it is about; set by `logback.xml`.
  public void setLogger(String name) {
    this.logger = name;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!event.getLoggerName().equals(logger) || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      return FilterReply.NEUTRAL;
    }
    long now = event.getTimeStamp();
    long next = nextMillis.get();
    return now >= next && nextMillis.compareAndSet(next, now + EVERY.toMillis())
        ? FilterReply.NEUTRAL
        : FilterReply.DENY;
  }
}
