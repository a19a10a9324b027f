package dev.graft.cli.prediction;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.ImageFile;
import dev.graft.cli.session.RefusedFiles;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Asks a model about images.
@Command(
        name = "predict",
        description = {
            "Ask the version of a model that is in production about pictures.",
            "Exit status 3: some files are no pictures; they are named, and the others are answered.",
            "The model imagenet is always there: a backbone's own classifier of ImageNet's 1,000 classes."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class PredictCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A name from ./graft models, or imagenet.")
    private String model;

    @Parameters(index = "1..*", paramLabel = "FILE", arity = "1..*", description = "Pictures.")
    private List<Path> files;

    @Option(names = "--top", paramLabel = "K", defaultValue = "5", description = "How many labels; 5 by default.")
    private int top;

    @Option(
            names = "--backbone",
            paramLabel = "B",
            description = "Whose classifier is asked, for the model imagenet; the default backbone's by default.")
    private @Nullable String backbone;

    @Override
    protected void run(Session session) throws Exception {
        files.forEach(ImageFile::requireReadable);
        Console console = session.console();
        Predictions.Outcome outcome =
                new Predictions(console, session.services().predict()).ask(model, files, top, backbone);
        console.result(
                outcome.answers(),
                () -> outcome.answers().forEach(answer -> console.say("%s: %s", answer.file(), answer.words())));
        RefusedFiles.check(outcome.refused(), files.size(), "answered");
    }
}
