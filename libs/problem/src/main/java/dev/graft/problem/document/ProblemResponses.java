package dev.graft.problem.document;

import dev.graft.problem.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/// Declares the problems that every operation may answer, and what else all documents have in common. Resources declare
/// what is particular to them.
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
    private static final String NAME = "Problem";
    private static final String REFERENCE = "#/components/schemas/" + NAME;

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(OASFactory.createComponents());
        }
        document.getComponents().addSchema(NAME, problem());
        document.setServers(List.of(OASFactory.createServer().url("/").description("The service itself")));
        // Access is not restricted here, and this says so.
        document.setSecurity(List.of(OASFactory.createSecurityRequirement()));
        if (document.getPaths() == null) {
            return;
        }
        document.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .forEach(ProblemResponses::complete);
    }

    private static void complete(Operation operation) {
        APIResponses responses = operation.getResponses();
        responses.getAPIResponses().forEach((status, response) -> {
            if (!status.startsWith("2") && !status.startsWith("3")) {
                response.setContent(content());
            }
        });
        add(responses, "400", "A parameter, a header or the body is not as it must be");
        if (takesPathParameters(operation)) {
            add(responses, "404", "There is nothing of this name");
        }
        add(responses, "406", "None of the media types that are accepted can be produced");
        if (operation.getRequestBody() != null) {
            add(responses, "408", "The body comes too slowly");
            add(responses, "413", "The body is too large");
            add(responses, "415", "The media type or the encoding of the body is not supported");
        }
        add(responses, "500", "Something went wrong inside; `incidentId` names the log record");
        add(responses, "503", "The service or a backend is busy or away; `Retry-After` says when to come back");
        add(responses, "default", "Any other problem");
    }

    private static boolean takesPathParameters(Operation operation) {
        return Optional.ofNullable(operation.getParameters()).stream()
                .flatMap(List::stream)
                .anyMatch(parameter -> parameter.getIn() == Parameter.In.PATH);
    }

    private static void add(APIResponses responses, String status, String description) {
        if (!responses.hasAPIResponse(status)) {
            APIResponse response =
                    OASFactory.createAPIResponse().description(description).content(content());
            if (status.equals("503")) {
                response.addHeader(
                        "Retry-After",
                        OASFactory.createHeader()
                                .description("Seconds to wait before the next try")
                                .schema(OASFactory.createSchema().addType(SchemaType.INTEGER)));
            }
            responses.addAPIResponse(status, response);
        }
    }

    private static Content content() {
        return OASFactory.createContent()
                .addMediaType(
                        Problem.MEDIA_TYPE,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(REFERENCE)));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("What is wrong (RFC 9457)")
                .required(List.of("type", "title", "status"))
                .properties(Map.of(
                        "type",
                                text("The kind of problem, which never changes its meaning")
                                        .format("uri"),
                        "title", text("The kind's summary"),
                        "status",
                                OASFactory.createSchema()
                                        .addType(SchemaType.INTEGER)
                                        .description("The HTTP status"),
                        "detail", text("What is wrong with this request, and what to do"),
                        "pointer", text("What is wrong: a JSON pointer into the body, or the name of a parameter"),
                        "incidentId", text("Names the log record of an internal error"),
                        "error", text("The detail again, for clients of the Open Inference Protocol")))
                .examples(List.of(Map.of(
                        "type", "https://graft.dev/problems/invalid-request",
                        "title", "The request is not valid",
                        "status", 400,
                        "detail", "top must be greater than or equal to 1.",
                        "pointer", "top")));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }
}
