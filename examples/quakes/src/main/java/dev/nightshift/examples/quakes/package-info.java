/// Handlers of the sample canvas `quakes`: every earthquake is assessed, and the stronger ones
/// raise an alert.
@NullMarked
package dev.nightshift.examples.quakes;

import org.jspecify.annotations.NullMarked;
