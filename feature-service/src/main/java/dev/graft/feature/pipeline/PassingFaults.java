package dev.graft.feature.pipeline;

import dev.graft.messaging.DatabaseAwayException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecoderBusyException;

/// Tells faults of what is away or busy, which pass however often they come, from those that would come again.
final class PassingFaults {
    private PassingFaults() {}

    static boolean isPassing(Throwable fault) {
        return fault instanceof DecoderBusyException
                || fault instanceof ProblemException problem
                        && problem.problem().is(ProblemType.WEIGHTS_UNAVAILABLE)
                || isBackendAway(fault);
    }

    /// A database that ends a statement because it takes too long is not away: it may end it every time.
    static boolean isBackendAway(Throwable fault) {
        return ObjectStoreException.isAway(fault)
                || DatabaseAwayException.in(fault)
                        .filter(away -> !away.isByStatementDeadline())
                        .isPresent();
    }
}
