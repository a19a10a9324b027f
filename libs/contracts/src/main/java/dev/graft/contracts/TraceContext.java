package dev.graft.contracts;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says to which distributed trace an event belongs (W3C Trace Context, level 1). It travels as the CloudEvents
/// extension attributes `traceparent` and `tracestate`.
///
/// @param traceParent version, trace id, parent id and flags, 55 characters
/// @param traceState  what tracing systems add, at most 512 characters; absent when there is none
public record TraceContext(String traceParent, @Nullable String traceState) {
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int MAX_STATE_LENGTH = 512;

    public TraceContext {
        if (!TRACE_PARENT.matcher(traceParent).matches()) {
            throw new IllegalArgumentException("not a traceparent");
        }
        if (traceState != null && traceState.length() > MAX_STATE_LENGTH) {
            throw new IllegalArgumentException("a tracestate has at most %d characters".formatted(MAX_STATE_LENGTH));
        }
    }

    /// Reads what a request or a record says; empty when it says nothing valid, which the standard wants ignored.
    public static Optional<TraceContext> parse(@Nullable String traceParent, @Nullable String traceState) {
        if (traceParent == null || !TRACE_PARENT.matcher(traceParent).matches()) {
            return Optional.empty();
        }
        boolean usable = traceState != null && !traceState.isBlank() && traceState.length() <= MAX_STATE_LENGTH;
        return Optional.of(new TraceContext(traceParent, usable ? traceState : null));
    }
}
