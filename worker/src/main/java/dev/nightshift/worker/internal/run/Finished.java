package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Outcome;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A started attempt's thread has ended. Exactly one is posted for each start, whatever happened.
///
/// @param key which attempt
/// @param outcome how it ended
/// @param records what must be stored together with the completion: child events and then the
///   trace. Empty if the handler emitted nothing; the trace, if one is kept, has then been
///   acknowledged already
public record Finished(
    AttemptKey key, Outcome outcome, List<ProducerRecord<byte[], byte[]>> records) {}
