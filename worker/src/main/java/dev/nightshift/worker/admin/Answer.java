package dev.nightshift.worker.admin;

/// What a process says to a question about its health.
///
/// @param good whether all is well enough
/// @param text what there is to say, a line each
public record Answer(boolean good, String text) {}
