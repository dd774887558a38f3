/// The process that emits events when they are due.
@NullMarked
package dev.nightshift.scheduler;

import org.jspecify.annotations.NullMarked;
