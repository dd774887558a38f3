/// The threads that a scheduler has of its own.
@NullMarked
package dev.nightshift.scheduler.internal.thread;

import org.jspecify.annotations.NullMarked;
