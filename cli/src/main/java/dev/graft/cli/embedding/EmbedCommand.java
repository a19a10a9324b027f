package dev.graft.cli.embedding;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.ImageFile;
import dev.graft.cli.rest.EmbeddingView;
import dev.graft.cli.rest.FeatureClient;
import dev.graft.cli.rest.RefusedRequestException;
import dev.graft.cli.session.RefusedFiles;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Prints the embeddings of images.
@Command(
        name = "embed",
        description = {
            "Print what a backbone makes of pictures: their embeddings.",
            "Exit status 3: some files are no pictures; they are named, and the others are embedded."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class EmbedCommand extends SessionCommand {
    private static final int NUMBERS_SHOWN = 6;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Pictures.")
    private List<Path> files;

    @Mixin
    private ExtractorOptions extractor;

    /// What `--json` prints of a file.
    record Embedded(String file, String backbone, String layer, int dimension, List<Float> vector) {}

    @Override
    protected void run(Session session) throws Exception {
        files.forEach(ImageFile::requireReadable);
        FeatureClient feature = session.services().feature();
        List<Embedded> embedded = new ArrayList<>();
        for (Path file : files) {
            embed(feature, file, session.console())
                    .ifPresent(view -> embedded.add(new Embedded(
                            file.toString(), view.backbone(), view.layer(), view.dimension(), view.vector())));
        }
        Console console = session.console();
        console.result(embedded, () -> embedded.forEach(one -> console.say("%s", words(one))));
        RefusedFiles.check(files.size() - embedded.size(), files.size(), "embedded");
    }

    /// Names a file that is no image, and goes on with the others.
    private Optional<EmbeddingView> embed(FeatureClient feature, Path file, Console console) {
        byte[] image = ImageFile.read(file);
        try {
            return Optional.of(feature.embed(image, choice()));
        } catch (RefusedRequestException refused) {
            if (!refused.isAboutImage()) {
                throw refused;
            }
            console.remark("graft: " + file + ": " + refused.problem());
            return Optional.empty();
        }
    }

    private Map<String, String> choice() {
        Map<String, String> choice = new LinkedHashMap<>();
        put(choice, "backbone", extractor.backbone());
        put(choice, "layer", extractor.layer());
        put(choice, "inputSize", extractor.inputSize());
        put(choice, "precision", extractor.precision());
        return choice;
    }

    private static void put(Map<String, String> choice, String name, @Nullable Object value) {
        if (value != null) {
            choice.put(name, value.toString());
        }
    }

    private static String words(Embedded one) {
        return "%s: %s, %s, %d numbers: %s…"
                .formatted(
                        one.file(),
                        one.backbone(),
                        one.layer(),
                        one.dimension(),
                        one.vector()
                                .subList(0, Math.min(NUMBERS_SHOWN, one.vector().size())));
    }
}
