/// Micro-benchmarks of the worker's hot parts. They look inside other modules, which nothing else
/// may.
@NullMarked
package dev.nightshift.bench.jmh;

import org.jspecify.annotations.NullMarked;
