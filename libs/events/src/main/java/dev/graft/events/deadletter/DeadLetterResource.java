package dev.graft.events.deadletter;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The dead letters of the topics that this service consumes.
@Path("/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Dead letters", description = "Records that this service could not read or handle.")
public class DeadLetterResource {
    private static final int MAX_LIMIT = 1_000;

    /// Each request opens a client of Kafka: more at one moment are answered with 503 and Retry-After.
    private static final int MAX_REQUESTS = 4;

    private final Guard turns = Guard.create()
            .withDescription("dead letters")
            .withBulkhead()
            .limit(MAX_REQUESTS)
            .done()
            .build();
    private final ConsumedTopics topics;
    private final DeadLetterLog log;
    private final DeadLetterReplays replays;

    DeadLetterResource(ConsumedTopics topics, DeadLetterLog log, DeadLetterReplays replays) {
        this.topics = topics;
        this.log = log;
        this.replays = replays;
    }

    /// Lists them.
    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "listDeadLetters",
            summary = "List dead letters",
            description = "By topic and partition, and in each the newest first.")
    public DeadLetterPage list(
            @Parameter(description = "Only those of this topic.")
                    @QueryParam("topic")
                    @Pattern(regexp = DeadLetterId.TOPIC_OR_EMPTY, message = "must be the name of a topic")
                    @Nullable
                    String topic,
            @Parameter(description = "How many, 1 to 1,000.")
                    @QueryParam("limit")
                    @DefaultValue("100")
                    @Min(1)
                    @Max(MAX_LIMIT)
                    int limit,
            @Parameter(description = "The member next of the page before.")
                    @QueryParam("after")
                    @DefaultValue("")
                    @Pattern(regexp = DeadLetterId.PATTERN_OR_EMPTY, message = "must be the id of a dead letter")
                    String after) {
        List<String> wanted = topics.names().stream()
                .filter(name -> topic == null || topic.equals(name))
                .toList();
        DeadLetterId from = DeadLetterId.parse(after).orElse(null);
        return wanted.isEmpty()
                ? new DeadLetterPage(List.of(), null)
                : inTurn(DeadLetterPage.class, () -> log.list(wanted, from, limit));
    }

    /// Shows one with its headers and body.
    @GET
    @Path("{id}")
    @RunOnVirtualThread
    @Operation(operationId = "getDeadLetter", summary = "Show a dead letter with its headers and body")
    public DeadLetterContentView show(
            @Parameter(description = "The id of the dead letter.") @PathParam("id") String id) {
        return inTurn(DeadLetterContentView.class, () -> {
            DeadLetterId known = known(id);
            ConsumerRecord<String, byte[]> letter = find(known);
            return DeadLetterContentView.of(view(known, letter), letter);
        });
    }

    /// Publishes one once more on its topic.
    @POST
    @Path("{id}/replay")
    @RunOnVirtualThread
    @Operation(
            operationId = "replayDeadLetter",
            summary = "Publish a dead letter once more on its topic",
            description = "Consumers that have handled it already pass over it.")
    public DeadLetterView replay(@Parameter(description = "The id of the dead letter.") @PathParam("id") String id) {
        return inTurn(DeadLetterView.class, () -> {
            DeadLetterId known = known(id);
            ConsumerRecord<String, byte[]> letter = find(known);
            replays.replay(known, letter);
            return view(known, letter);
        });
    }

    private DeadLetterView view(DeadLetterId id, ConsumerRecord<String, byte[]> letter) {
        return DeadLetterView.of(id, letter, log.replayedAt(id).orElse(null));
    }

    private DeadLetterId known(String id) {
        return DeadLetterId.parse(id)
                .filter(parsed -> topics.names().contains(parsed.topic()))
                .orElseThrow(() -> absent(id));
    }

    private ConsumerRecord<String, byte[]> find(DeadLetterId id) {
        return log.find(id).orElseThrow(() -> absent(id.toString()));
    }

    private static ProblemException absent(String id) {
        String shown = id.length() <= 300 ? id : id.substring(0, 300) + " …";
        return new ProblemException(
                ProblemType.DEAD_LETTER_NOT_FOUND, "There is no dead letter %s here.".formatted(shown), "id");
    }

    private <T> T inTurn(Class<T> type, Supplier<T> work) {
        try {
            return turns.get(work, type);
        } catch (BulkheadException _) {
            throw new ProblemException(ProblemType.TOO_BUSY, "Dead letters are being read already. Try again soon.");
        } catch (KafkaException e) {
            throw new ProblemException(ProblemType.BACKEND_UNAVAILABLE, "The broker does not answer.", e);
        }
    }
}
