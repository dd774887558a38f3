/// How the local Kafka is set up, started and stopped.
@NullMarked
package dev.nightshift.local.internal;

import org.jspecify.annotations.NullMarked;
