/// For tests of handlers: [TestHandler] runs one without Kafka, [NightshiftExtension] a local Kafka
/// with a worker. Needs Java 25.
@NullMarked
package dev.nightshift.testkit;

import org.jspecify.annotations.NullMarked;
