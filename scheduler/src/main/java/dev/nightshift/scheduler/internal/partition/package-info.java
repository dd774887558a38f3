/// One partition of the delayed topic: its thread and what it writes.
@NullMarked
package dev.nightshift.scheduler.internal.partition;

import org.jspecify.annotations.NullMarked;
