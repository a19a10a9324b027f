package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.session.OwnStack;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.stack.ActionableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how fast images are embedded, in a stack of its own that is empty at the start and gone at the
/// end.
@Command(
        name = "embed",
        description =
                "Pictures a second from stored file to committed embedding, through a stack of its own, beside what decoding and the network allow.")
final class BenchEmbedCommand extends SessionCommand {
    @Option(
            names = "--dataset",
            paramLabel = "PATH",
            description = "A folder of photographs, LABEL/file; the bundled sample by default.")
    private @Nullable Path folder;

    @Override
    protected void run(Session session) throws Exception {
        Path images = images(session);
        try (OwnStack own = OwnStack.beside(session, "bench-")) {
            EmbedBench.Figures figures =
                    new EmbedBench(own, own.session().services()).run(images, ImageSource.at(images));
            session.console().result(figures, () -> print(session.console(), figures));
        }
    }

    private Path images(Session session) {
        Path path = folder != null ? folder : session.installation().home().resolve("sample");
        if (!Files.isDirectory(path)) {
            throw new ActionableException(
                    "There is no folder " + path + ".", "Name a folder of photographs with --dataset PATH.");
        }
        return path;
    }

    private static void print(Console console, EmbedBench.Figures figures) {
        console.say("Pictures a second, %d pictures, %s:", figures.images(), figures.backbone());
        line(console, "stored file to committed embedding", figures.servicePerSecond());
        line(console, "decoding, resizing, normalising alone", figures.decodePerSecond());
        line(console, "the network's forward pass alone", figures.forwardPerSecond());
        line(console, "what these two allow together", figures.togetherPerSecond());
        console.say("The service reaches %.2f of that.", figures.fraction());
        console.say(
                "Processor time of a picture, ms: %.1f decoding and network alone; %.1f feature service, %.1f the rest of the stack (%.2f).",
                figures.referenceCpuMillis(),
                figures.serviceCpuMillis(),
                figures.backendsCpuMillis(),
                figures.cpuFraction());
    }

    private static void line(Console console, String what, double perSecond) {
        console.say("  %-40s %s", what, String.format(Locale.ROOT, "%7.1f", perSecond));
    }
}
