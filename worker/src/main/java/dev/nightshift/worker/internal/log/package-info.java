/// What the worker loop needs of a log, on Kafka and in memory.
@NullMarked
package dev.nightshift.worker.internal.log;

import org.jspecify.annotations.NullMarked;
