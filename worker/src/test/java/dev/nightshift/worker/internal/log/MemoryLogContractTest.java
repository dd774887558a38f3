package dev.nightshift.worker.internal.log;

final class MemoryLogContractTest extends EventLogContract {
  @Override
  LogFixture open() {
    return new MemoryFixture();
  }
}
