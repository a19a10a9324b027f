package dev.graft.feature.pipeline;

import dev.graft.feature.embedding.Failure;
import dev.graft.feature.queue.Claim;
import dev.graft.jobs.FaultWords;

/// Says to users why images are not tried again.
final class Attempts {
    private Attempts() {}

    /// Returns the reason of images whose attempts are used up.
    static Failure.Reason reason(Claim givenUp) {
        return deaths(givenUp) > 0 ? Failure.Reason.ENDED_PROCESS : Failure.Reason.NOT_COMPUTABLE;
    }

    /// Returns why images are given up whose attempts are used up.
    static String detail(Claim givenUp) {
        return deaths(givenUp) > 0
                ? ("The process that computed it ended %d of %d times (killed, out of memory or crashed),"
                                + " at last with this picture alone.")
                        .formatted(deaths(givenUp), givenUp.attempts())
                : "It broke off %d times; the log of the feature service says why.".formatted(givenUp.attempts());
    }

    private static int deaths(Claim givenUp) {
        return givenUp.attempts() - givenUp.faults();
    }

    /// Returns why images are given up whose last attempt a fault broke off.
    ///
    /// @param incidentId where the log says more
    static String brokeOff(int attempts, Throwable fault, String incidentId) {
        return "It broke off %d times, the last time by %s; the log of the feature service says more about incident %s."
                .formatted(attempts, FaultWords.of(fault), incidentId);
    }
}
