/// The library that services use to emit events.
@NullMarked
package dev.nightshift.emitter;

import org.jspecify.annotations.NullMarked;
