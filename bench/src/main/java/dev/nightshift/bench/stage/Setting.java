package dev.nightshift.bench.stage;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// How much is measured.
///
/// @param rounds how often each side runs
/// @param events how many each side runs in a round, if it is said
/// @param heapMegabytes of each side's process
/// @param folder an empty one, for logs and what is counted
/// @param progress told what was measured, as it is
public record Setting(
    int rounds, OptionalInt events, int heapMegabytes, Path folder, Consumer<String> progress) {}
