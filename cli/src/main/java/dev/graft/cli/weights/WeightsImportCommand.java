package dev.graft.cli.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.stack.ActionableException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Registers a file of weights.
@Command(
        name = "import",
        description = {
            "Register a safetensors file with timm's tensor names as the weights of a known architecture.",
            "Then it can be used as any backbone."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class WeightsImportCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "ARCHITECTURE.TAG", description = "Its name, for example resnet50.mine.")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "A safetensors file.")
    private Path file;

    @Option(
            names = "--like",
            paramLabel = "ARCHITECTURE.TAG",
            description =
                    "Prepare pictures as for this backbone; by default as published under the name, or as for the architecture's first.")
    private @Nullable String like;

    @Override
    protected void run(Session session) throws Exception {
        requireReadable(file);
        Console console = session.console();
        JsonNode registered = new WeightsUpload(console, session.services().feature()).run(name, file, like);
        console.result(
                registered,
                () -> console.say(
                        "Use it with --backbone %s.", registered.path("name").asText()));
    }

    private static void requireReadable(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ActionableException("There is no file " + file + ".", "Check its name.");
        }
        if (!Files.isReadable(file)) {
            throw new ActionableException(
                    file + " cannot be read: permission denied.", "See to it that you may read it.");
        }
    }
}
