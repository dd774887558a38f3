package dev.nightshift.worker.internal.run;

/// Who runs the handlers, as traces say it.
///
/// @param name the worker's name, unique in the fleet
/// @param host the machine that it runs on
public record WorkerIdentity(String name, String host) {}
