package dev.graft.messaging;

import java.util.Objects;
import java.util.stream.Stream;

/// Walks along the causes of an exception.
final class Causes {
    /// No fault of ours lies deeper, and a circle of causes ends.
    private static final int MAX = 20;

    private Causes() {}

    /// Gives an exception and its causes, outermost first.
    static Stream<Throwable> of(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).limit(MAX);
    }
}
