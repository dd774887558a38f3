/// The runs, one class each.
@NullMarked
package dev.nightshift.bench.run;

import org.jspecify.annotations.NullMarked;
