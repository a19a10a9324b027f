package dev.graft.messaging;

import dev.graft.contracts.TraceContext;

/// Says to which trace the events about a subject belong.
///
/// @param subject the key of the first event of the trace about it: an image, a job, a run
record TraceLink(String subject, TraceContext trace) {}
