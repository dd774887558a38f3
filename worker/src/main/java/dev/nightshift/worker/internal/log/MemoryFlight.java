package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.Faults.Step;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A transaction of a [MemoryLog] on its way. It lands in two steps: its records and ledgers, and
/// its end; whatever others do comes in between. As brokers are told it, it is of the generation in
/// which it began. Owned by the cluster's thread.
final class MemoryFlight {
  private final MemoryCluster cluster;
  private final MemoryMember member;
  private final int generation;
  private final Write write;
  private final BiFunction<Step, MemoryEffect.Action, MemoryEffect> effects;
  private Optional<MemoryTransaction> open = Optional.empty();

  /// @param effects does one step, or lets it go wrong as the faults say
  MemoryFlight(
      MemoryCluster cluster,
      MemoryMember member,
      Write write,
      BiFunction<Step, MemoryEffect.Action, MemoryEffect> effects) {
    this.cluster = cluster;
    this.member = member;
    this.generation = member.generation();
    this.write = write;
    this.effects = effects;
  }

  Write write() {
    return write;
  }

  /// Goes on; empty after the first step, unless that goes wrong.
  Optional<WriteResult> step() {
    return open.isPresent() ? Optional.of(end(open.get())) : send();
  }

  private Optional<WriteResult> send() {
    MemoryTransaction transaction = cluster.transactions().begin(member.worker(), cluster.now());
    for (ProducerRecord<byte[], byte[]> record : write.records()) {
      MemoryEffect sent = effects.apply(Step.SEND, () -> send(transaction, record));
      if (!(sent.told() instanceof Written)) {
        return Optional.of(giveUp(transaction, sent.told()));
      }
    }
    MemoryEffect added = effects.apply(Step.LEDGERS, () -> addLedgers(transaction));
    if (!(added.told() instanceof Written)) {
      return Optional.of(giveUp(transaction, added.told()));
    }
    open = Optional.of(transaction);
    return Optional.empty();
  }

  private WriteResult send(MemoryTransaction transaction, ProducerRecord<byte[], byte[]> record) {
    return transaction.isOpen() ? cluster.append(record, Optional.of(transaction)) : fenced();
  }

  private WriteResult addLedgers(MemoryTransaction transaction) {
    Optional<String> refused = cluster.group().refusal(member, generation);
    if (refused.isEmpty() && !transaction.isOpen()) {
      return fenced();
    }
    Optional<String> problem = refused.or(() -> cluster.missing(write.ledgers().keySet()));
    if (problem.isPresent()) {
      return new NotWritten(problem.get());
    }
    transaction.ledgers().putAll(write.ledgers());
    return new Written();
  }

  private WriteResult end(MemoryTransaction transaction) {
    MemoryEffect ended =
        effects.apply(
            Step.END,
            () -> {
              if (!transaction.isOpen()) {
                return fenced();
              }
              cluster.transactions().commit(transaction);
              return new Written();
            });
    return ended.told() instanceof Written || ended.told() instanceof Unknown
        ? ended.told()
        : giveUp(transaction, ended.told());
  }

  /// What became of it, when its end was asked for and not answered.
  WriteResult settle() {
    cluster.transactions().abort(member.worker());
    return open.filter(MemoryTransaction::isCommitted).isPresent()
        ? new Written()
        : new NotWritten("the transaction was aborted");
  }

  /// The commit was never sent, so nothing is stored; but an abort is not heard either if nothing
  /// else is, and then the transaction stays open until the next one begins.
  private WriteResult giveUp(MemoryTransaction transaction, WriteResult told) {
    if (told instanceof Unknown(String reason)) {
      return new NotWritten(reason);
    }
    if (transaction.isOpen()) {
      cluster.transactions().abort(member.worker());
    }
    return told;
  }

  private static WriteResult fenced() {
    return new NotWritten("another has ended the transaction");
  }
}
