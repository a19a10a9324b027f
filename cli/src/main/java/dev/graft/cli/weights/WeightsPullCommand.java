package dev.graft.cli.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.hub.Download;
import dev.graft.cli.hub.HubConnections;
import dev.graft.cli.hub.Mirror;
import dev.graft.cli.hub.PartFile;
import dev.graft.cli.rest.FeatureClient;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.weights.Safetensors;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fetches published weights and registers them.
@Command(
        name = "pull",
        description = {
            "Fetch the weights of a backbone from where they are published.",
            "When the connection breaks, run it again: it goes on where it was.",
            "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name proxies."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class WeightsPullCommand extends SessionCommand {
    private static final String HUB_VARIABLE = "GRAFT_HUB";
    private static final String DOWNLOADABLE = "downloadable";

    @Parameters(paramLabel = "NAME", description = "A name from ./graft backbones.")
    private String name;

    @Option(
            names = "--hub",
            paramLabel = "URL",
            description = "A mirror that takes the place of the published address; " + HUB_VARIABLE + " by default.")
    private @Nullable String hub;

    @Override
    protected void run(Session session) throws Exception {
        FeatureClient feature = session.services().feature();
        // An architecture's name alone means its published weights here, whatever else has been imported.
        JsonNode backbone = feature.backbone(
                Catalogue.standard().find(name).map(Backbone::name).orElse(name));
        JsonNode here = switch (backbone.path("weights").asText()) {
            case DOWNLOADABLE -> pull(session, feature, backbone);
            case "import-needed" ->
                throw new ActionableException(
                        "The weights of %s are published in a form that is not read: %s."
                                .formatted(
                                        fullName(backbone),
                                        backbone.path("source").asText()),
                        "Convert them to safetensors, and ./graft weights import %s FILE."
                                .formatted(fullName(backbone)));
            default -> {
                session.console().remark(fullName(backbone) + " is here already.");
                yield backbone;
            }
        };
        Console console = session.console();
        console.result(here, () -> console.say("Use it with --backbone %s.", fullName(here)));
    }

    private JsonNode pull(Session session, FeatureClient feature, JsonNode backbone) throws IOException {
        URI source = at(URI.create(backbone.path("download").asText()));
        Path folder = Files.createDirectories(session.data().downloads());
        Console console = session.console();
        try (PartFile part = take(console, folder.resolve(fullName(backbone) + BegunDownloads.EXTENSION))) {
            JsonNode now = feature.backbone(fullName(backbone));
            if (!now.path("weights").asText().equals(DOWNLOADABLE)) {
                // Another command has pulled them meanwhile.
                return now;
            }
            download(console, source, part, backbone);
            return new FetchedWeights(
                            fullName(backbone), backbone.path("sha256").asText(), part)
                    .register(new WeightsUpload(console, feature));
        }
    }

    private static PartFile take(Console console, Path path) throws IOException {
        try (Progress progress = console.progress("pull")) {
            return PartFile.take(path, () -> progress.note("waiting for another command that fetches the same file"));
        }
    }

    private static void download(Console console, URI source, PartFile part, JsonNode backbone) throws IOException {
        long maxSizeBytes = backbone.path("sizeBytes").asLong() + Safetensors.MAX_HEADER_BYTES;
        try (HttpClient http = HubConnections.client(System.getenv());
                Progress progress = console.progress("pull")) {
            Download download = new Download(http, source, part, Download.Patience.STANDARD);
            download.run(
                    maxSizeBytes,
                    (bytes, totalBytes) -> progress.update(
                            bytes,
                            totalBytes,
                            Sizes.words(bytes) + (totalBytes > 0 ? " of " + Sizes.words(totalBytes) : "")));
            progress.done("%s from %s".formatted(Sizes.words(part.sizeBytes()), source));
        }
    }

    /// Gives where a file is fetched from: where it is published, or at the mirror that was named.
    private URI at(URI published) {
        String variable = System.getenv(HUB_VARIABLE);
        if (hub != null) {
            return Mirror.parse(hub).addressOf(published);
        }
        return variable == null || variable.isBlank()
                ? published
                : Mirror.parse(variable).addressOf(published);
    }

    private static String fullName(JsonNode backbone) {
        return backbone.path("name").asText();
    }
}
