package dev.graft.trainer.dataset;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/// Says whether the ingest service is alive; its deadlines are short.
@RegisterRestClient(configKey = "ingest-health")
@Path("/q/health/live")
interface IngestHealth {
    @GET
    String live();
}
