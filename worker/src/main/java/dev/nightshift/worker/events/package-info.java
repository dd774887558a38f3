/// What a worker reports of itself.
@NullMarked
package dev.nightshift.worker.events;

import org.jspecify.annotations.NullMarked;
