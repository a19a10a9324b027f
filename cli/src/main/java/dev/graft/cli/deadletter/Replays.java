package dev.graft.cli.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.rest.DeadLetterClient;
import dev.graft.cli.rest.RefusedRequestException;
import dev.graft.cli.session.PartialLossException;
import dev.graft.stack.ActionableException;
import java.util.ArrayList;
import java.util.List;

/// Replays several dead letters: one that is refused is named, and the others are replayed all the same.
record Replays(Console console, DeadLetterClient client) {
    /// What came of it.
    ///
    /// @param replayed in the order of the ids, without those that were refused
    /// @param refused  why the others were not replayed
    record Outcome(List<ObjectNode> replayed, List<RefusedRequestException> refused) {
        /// @throws ActionableException  when none was replayed
        /// @throws PartialLossException when some were not
        void requireAll() {
            if (refused.isEmpty()) {
                return;
            }
            int all = replayed.size() + refused.size();
            RefusedRequestException first = refused.getFirst();
            if (all == 1) {
                throw first;
            }
            String problem = "%d of %d dead letters were not replayed.".formatted(refused.size(), all);
            throw replayed.isEmpty()
                    ? new ActionableException(problem, first.remedy())
                    : new PartialLossException(problem, first.remedy());
        }
    }

    /// @throws ActionableException when a service or a backend is away; what was replayed before stays so
    Outcome run(List<String> ids) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        for (String id : ids) {
            try {
                outcome.replayed().add(client.replay(id));
            } catch (RefusedRequestException refused) {
                outcome.refused().add(refused);
                if (ids.size() > 1) {
                    console.remark("graft: " + refused.problem());
                }
            }
        }
        return outcome;
    }
}
