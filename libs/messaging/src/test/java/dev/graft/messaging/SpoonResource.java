package dev.graft.messaging;

import dev.graft.contracts.TrainingProgressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/// A request that causes an event.
@Path("/spoons/{run}")
public class SpoonResource {
    private final Transactions transactions;
    private final Outbox outbox;

    SpoonResource(Transactions transactions, Outbox outbox) {
        this.transactions = transactions;
        this.outbox = outbox;
    }

    @POST
    @RunOnVirtualThread
    public void progress(@PathParam("run") String run) {
        transactions.call(session ->
                outbox.append(session, new TrainingProgressed(run, TrainingProgressed.Phase.EMBEDDING, 0, 2)));
    }
}
