package dev.nightshift.worker.internal.run;

import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceError;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a trace that is too large gives up, in this order, until it fits.
enum TraceCut {
  LOGS {
    @Override
    void cut(Trace trace) {
      trace.setLogsDropped(trace.getLogsDropped() + trace.getLogs().size());
      trace.setLogs(List.of());
    }

    @Override
    boolean has(Trace trace) {
      return !trace.getLogs().isEmpty();
    }
  },
  STEPS {
    @Override
    void cut(Trace trace) {
      trace.setStepsDropped(trace.getStepsDropped() + trace.getSteps().size());
      trace.setSteps(List.of());
    }

    @Override
    boolean has(Trace trace) {
      return !trace.getSteps().isEmpty();
    }
  },
  HEADERS {
    @Override
    void cut(Trace trace) {
      trace.setHeaders(Map.of());
    }

    @Override
    boolean has(Trace trace) {
      return !trace.getHeaders().isEmpty();
    }
  },
  INPUT {
    @Override
    void cut(Trace trace) {
      trace.setInput(first(trace.getInput()));
    }

    @Override
    boolean has(Trace trace) {
      return trace.getInput().remaining() > LEFT;
    }
  },
  RESULT {
    @Override
    void cut(Trace trace) {
      trace.setResult(first(trace.getResult()));
    }

    @Override
    boolean has(Trace trace) {
      @Nullable ByteBuffer result = trace.getResult();
      return result != null && result.remaining() > LEFT;
    }
  },
  CHILDREN {
    @Override
    void cut(Trace trace) {
      trace.setChildren(List.of());
    }

    @Override
    boolean has(Trace trace) {
      return !trace.getChildren().isEmpty();
    }
  },
  STACK {
    @Override
    void cut(Trace trace) {
      trace.getError().setStack("");
      trace.getError().setMessage(Texts.cut(trace.getError().getMessage(), LEFT));
    }

    @Override
    boolean has(Trace trace) {
      @Nullable TraceError error = trace.getError();
      return error != null && error.getStack().length() + error.getMessage().length() > LEFT;
    }
  },
  HISTORY {
    @Override
    void cut(Trace trace) {
      trace.setHistory("");
    }

    @Override
    boolean has(Trace trace) {
      return !trace.getHistory().isEmpty();
    }
  };

  /// How many bytes or characters are left of what is not cut out as a whole.
  private static final int LEFT = 512;

  /// Takes this part out, if the trace has it, and says so in the trace's reason.
  ///
  /// @return whether the trace had it
  boolean apply(Trace trace) {
    if (!has(trace)) {
      return false;
    }
    cut(trace);
    Traces.addReason(trace, TraceReasons.lost(label()));
    return true;
  }

  /// As people read it.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  abstract boolean has(Trace trace);

  abstract void cut(Trace trace);

  private static ByteBuffer first(ByteBuffer bytes) {
    return bytes.slice(bytes.position(), LEFT);
  }
}
