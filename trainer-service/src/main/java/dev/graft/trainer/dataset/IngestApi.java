package dev.graft.trainer.dataset;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/// The ingest service, as far as it is needed here.
@RegisterRestClient(configKey = "ingest")
@Path("/v1/datasets/{name}/versions")
interface IngestApi {
    @POST
    DatasetVersion freeze(@PathParam("name") String dataset);

    @GET
    @Path("{version}")
    DatasetVersion version(@PathParam("name") String dataset, @PathParam("version") int version);
}
