/// A Kafka of the project's own, with nothing to install: in this JVM for tests, or as a child
/// process for `dev` and `demo`. One node, one replica: for trying things out, never for data that
/// must survive a disk. Tests of what a broker's death does have several nodes, each a process.
@NullMarked
package dev.nightshift.local;

import org.jspecify.annotations.NullMarked;
