package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbones.weights.WeightCache;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.hub.Download;
import dev.graft.cli.rest.FeatureClient;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fetches published weights and registers them.
@Command(
        name = "pull",
        description = {
            "Fetch the weights of a backbone from where they are published.",
            "When the connection breaks, run it again: it goes on where it was."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class WeightsPullCommand extends SessionCommand {
    private static final String HUB_VARIABLE = "GRAFT_HUB";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    @Parameters(paramLabel = "NAME", description = "A name from ./graft backbones.")
    private String name;

    @Option(
            names = "--hub",
            paramLabel = "URL",
            description = "A mirror that takes the place of the published address; " + HUB_VARIABLE + " by default.")
    private @Nullable URI hub;

    @Override
    void run(Session session) throws Exception {
        FeatureClient feature = session.services().feature();
        JsonNode backbone = feature.backbone(name);
        JsonNode here = switch (backbone.path("weights").asText()) {
            case "downloadable" -> pull(session, feature, backbone);
            case "import-needed" ->
                throw new ActionableException(
                        "The weights of %s are published in a form that is not read: %s."
                                .formatted(
                                        fullName(backbone),
                                        backbone.path("source").asText()),
                        "Convert them to safetensors, and ./graft weights import %s FILE."
                                .formatted(fullName(backbone)));
            default -> backbone;
        };
        Console console = session.console();
        console.result(here, () -> console.say("Use it with --backbone %s.", fullName(here)));
    }

    private JsonNode pull(Session session, FeatureClient feature, JsonNode backbone) throws IOException {
        Path file = Files.createDirectories(session.data().downloads()).resolve(fullName(backbone) + ".safetensors");
        URI source = at(URI.create(backbone.path("download").asText()));
        HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_PATIENCE)
                .build();
        Download download = new Download(http, source, file, PAUSE);
        try (Progress progress = session.console().progress("pull")) {
            download.run((bytes, totalBytes) -> progress.update(
                    bytes, totalBytes, Sizes.words(bytes) + (totalBytes > 0 ? " of " + Sizes.words(totalBytes) : "")));
            progress.done("%s from %s".formatted(Sizes.words(Files.size(file)), source));
        }
        try {
            requirePublished(backbone, file);
            return new WeightsUpload(session.console(), feature).run(fullName(backbone), file, null);
        } finally {
            // What was refused is no good to a later run either, and what was taken lies in the store.
            download.discard();
        }
    }

    private static void requirePublished(JsonNode backbone, Path file) {
        String published = backbone.path("sha256").asText();
        String found = WeightCache.sha256(file);
        if (!published.isEmpty() && !published.equals(found)) {
            throw new ActionableException(
                    "What was fetched is not the published file of %s: its SHA-256 is %s, not %s."
                            .formatted(fullName(backbone), found, published),
                    "Try again, or name another mirror.");
        }
    }

    /// Puts the mirror in the place of the published scheme, host and port.
    private URI at(URI published) {
        String variable = System.getenv(HUB_VARIABLE);
        String mirror = hub != null ? hub.toString() : variable != null && !variable.isBlank() ? variable : null;
        if (mirror == null) {
            return published;
        }
        try {
            URI address = URI.create(mirror.replaceAll("/+$", "") + published.getRawPath());
            if (address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ActionableException(
                "'" + mirror + "' is no address of a mirror.", "Write http://HOST or https://HOST.");
    }

    private static String fullName(JsonNode backbone) {
        return backbone.path("name").asText();
    }
}
