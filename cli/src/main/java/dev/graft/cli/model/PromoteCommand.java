package dev.graft.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.rest.Services;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Puts a version of a model into production.
@Command(name = "promote", description = "Put a version of a model into production; also the way back to an older one.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class PromoteCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "MODEL")
    private String model;

    @Parameters(index = "1", paramLabel = "VERSION")
    private int version;

    @Override
    protected void run(Session session) throws Exception {
        Services services = session.services();
        JsonNode promoted = services.trainer().promote(model, version);
        services.predict().awaitServing(model, version);
        session.console()
                .result(promoted, () -> session.console().say("Model %s now answers with version %d.", model, version));
    }
}
