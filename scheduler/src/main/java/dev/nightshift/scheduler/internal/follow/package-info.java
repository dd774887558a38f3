/// What feeds the partitions' threads: who reads the delayed topic, and who knows which partitions
/// are this scheduler's.
@NullMarked
package dev.nightshift.scheduler.internal.follow;

import org.jspecify.annotations.NullMarked;
