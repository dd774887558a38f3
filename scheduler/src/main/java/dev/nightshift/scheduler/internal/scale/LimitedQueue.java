package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.QueueName;

/// A queue with a limit on its starts: more workers do not raise it. Immutable.
///
/// @param waiting its events that wait in its lane
/// @param takes what it may drain a second, or what was seen where its limit does not say
/// @param limit in words
record LimitedQueue(QueueName queue, long waiting, double takes, String limit) {}
