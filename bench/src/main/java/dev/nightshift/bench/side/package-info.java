/// The yardsticks, each a process of its own: what a team would use, or write, instead.
@NullMarked
package dev.nightshift.bench.side;

import org.jspecify.annotations.NullMarked;
