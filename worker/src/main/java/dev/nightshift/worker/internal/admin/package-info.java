/// What a worker shows of itself over HTTP: health and metrics.
@NullMarked
package dev.nightshift.worker.internal.admin;

import org.jspecify.annotations.NullMarked;
