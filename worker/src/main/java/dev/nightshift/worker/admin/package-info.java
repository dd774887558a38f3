/// What a process shows of itself over HTTP, whatever it does: health and metrics.
@NullMarked
package dev.nightshift.worker.admin;

import org.jspecify.annotations.NullMarked;
