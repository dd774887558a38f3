/// What is due when, and what becomes of it: pure, without a clock, a thread or a connection.
@NullMarked
package dev.nightshift.scheduler.internal.timers;

import org.jspecify.annotations.NullMarked;
