/// Where runs take place: a broker, processes, events to run, and a look at what is settled.
@NullMarked
package dev.nightshift.bench.stage;

import org.jspecify.annotations.NullMarked;
