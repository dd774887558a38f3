/// What a worker and the rest of its fleet hear of each other.
@NullMarked
package dev.nightshift.worker.internal.fleet;

import org.jspecify.annotations.NullMarked;
