package dev.nightshift.bench.stage;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import java.util.HashMap;
import java.util.Map;

/// Counts by their traces how often events came to their ends, whoever ran them. For one thread.
public final class TraceCount implements AutoCloseable {
  private final CommittedRecords traces;
  private final Map<String, Integer> ends = new HashMap<>();
  private long all;
  private long repeated;

  /// From the topic's start on.
  public TraceCount(String bootstrapServers, TopicPlan plan) {
    this.traces = new CommittedRecords(bootstrapServers, plan.traces());
  }

  /// Reads on, and waits a moment if there is nothing.
  public void poll() {
    traces.poll((record, at) -> {
      Trace trace = RecordCodec.TRACES.decode(record.value());
      repeated += trace.getAttempt() > 1 ? 1 : 0;
      if (!trace.getOutcome().equals("lost")) {
        ends.merge(trace.getEventId(), 1, Integer::sum);
        all++;
      }
    });
  }

  /// How many events have come to an end.
  public int ended() {
    return ends.size();
  }

  /// What went wrong, as far as was read.
  ///
  /// @param events how many there are
  public Faults faults(int events) {
    return new Faults(events - ends.size(), all - ends.size(), repeated);
  }

  @Override
  public void close() {
    traces.close();
  }
}
