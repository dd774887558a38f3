package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;

/// What is to be started.
public record AttemptSpec(AttemptKey key, Canvas canvas, EventEnvelope event) {}
