/// A Kafka of the project's own, with nothing to install: in this JVM for tests, or as a child
/// process for `dev` and `demo`. One node, one replica: for trying things out, never for data that
/// must survive a disk.
@NullMarked
package dev.nightshift.local;

import org.jspecify.annotations.NullMarked;
