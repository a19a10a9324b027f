package dev.graft.problem;

import org.jspecify.annotations.Nullable;

/// Knows the faults of one backend that pass, so that clients are answered with Retry-After. A bean of each
/// library that talks to a backend; since nobody injects it, it must be unremovable.
public interface BackendFaults {
    /// Says what is away, in a sentence that clients read; nothing when the fault is of another kind.
    ///
    /// @param fault one exception of a chain of causes
    @Nullable
    String explain(Throwable fault);
}
