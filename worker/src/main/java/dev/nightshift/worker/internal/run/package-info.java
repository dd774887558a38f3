/// Where handlers run: finding them, one attempt's pipeline, its trace.
@NullMarked
package dev.nightshift.worker.internal.run;

import org.jspecify.annotations.NullMarked;
