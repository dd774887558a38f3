/// Load runs and micro-benchmarks: Nightshift beside what it is compared with, in the same run.
@NullMarked
package dev.nightshift.bench;

import org.jspecify.annotations.NullMarked;
