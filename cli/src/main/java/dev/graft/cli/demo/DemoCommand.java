package dev.graft.cli.demo;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.dataset.ImageImport;
import dev.graft.cli.dataset.ImportReport;
import dev.graft.cli.folder.FolderSource;
import dev.graft.cli.folder.LabelledFile;
import dev.graft.cli.prediction.Prediction;
import dev.graft.cli.prediction.Predictions;
import dev.graft.cli.rest.EvaluatedImage;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.rest.VersionView;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.cli.training.TrainReport;
import dev.graft.cli.training.Training;
import dev.graft.stack.ActionableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the whole job: imports images, trains on them, evaluates, puts the model into production and asks it
/// about images that it has not seen.
///
/// Doing it again with the same images and the same build goes on where it was left and doubles nothing.
@Command(
        name = "demo",
        description = "Do the whole job on the bundled sample: import, train, evaluate, publish and predict.")
public final class DemoCommand extends SessionCommand {
    private static final int PREDICTED_MAX = 12;
    private static final int LABELS_PREDICTED = 3;

    @Option(names = "--dataset", paramLabel = "PATH", description = "A folder of your own pictures instead.")
    private @Nullable Path folder;

    @Override
    protected void run(Session session) throws Exception {
        long beganNanos = System.nanoTime();
        Path path = folder == null ? session.installation().home().resolve("sample") : folder;
        if (!Files.isDirectory(path)) {
            throw new ActionableException("There is no folder " + path + ".", "Name a folder of pictures.");
        }
        FolderSource source = FolderSource.scan(path);
        Console console = session.console();
        console.say("Graft learns to distinguish the pictures of %s.", path);
        Services services = session.services();

        String dataset = folder == null ? "sample" : DatasetNames.of(path);
        ImportReport imported =
                new ImageImport(console, services.ingest()).run(dataset, source).report();
        TrainReport trained = train(session, services, dataset);
        List<LabelledFile> unseen = unseen(source, services.trainer().evaluated(trained.model(), trained.version()));
        Predictions.Outcome predicted = new Predictions(console, services.predict())
                .ask(trained.model(), unseen.stream().map(LabelledFile::file).toList(), LABELS_PREDICTED);

        DemoReport report = new DemoReport(
                dataset,
                imported.classes().values().stream().mapToLong(Long::longValue).sum(),
                imported.classes(),
                services.trainer().run(trained.run()).backbone(),
                trained.testAccuracy(),
                trained.report(),
                predicted.answers(),
                Durations.secondsSince(beganNanos));
        console.result(report, () -> print(console, report, trained, unseen));
    }

    /// Takes one image of each class of those that the model was evaluated on.
    private static List<LabelledFile> unseen(FolderSource source, List<EvaluatedImage> evaluated) {
        Map<String, String> chosen = evaluated.stream()
                .collect(Collectors.groupingBy(EvaluatedImage::label, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .limit(PREDICTED_MAX)
                .map(ofClass -> ofClass.get(ofClass.size() / 2))
                .collect(Collectors.toMap(EvaluatedImage::imageId, EvaluatedImage::label));
        return LabelledFile.find(source, chosen);
    }

    private static TrainReport train(Session session, Services services, String dataset) throws Exception {
        VersionView version = services.ingest().freeze(dataset);
        String key = "demo-%s-%s".formatted(session.installation().build(), version.manifestDigest());
        TrainReport trained = new Training(session, services.trainer())
                .run(TrainingRequest.byDefault(dataset, version.version()), key);
        services.trainer().promote(trained.model(), trained.version());
        services.predict().awaitServing(trained.model(), trained.version());
        return trained;
    }

    private static void print(Console console, DemoReport report, TrainReport trained, List<LabelledFile> unseen) {
        console.say("");
        console.say(
                "Learned %d classes from %d pictures with %s: %s of the pictures kept for the test are named rightly.",
                report.classes().size(), report.images(), report.backbone(), Fractions.percent(report.testAccuracy()));
        console.say("Asked over REST about pictures that it has not seen:");
        for (Prediction prediction : report.predictions()) {
            String label = unseen.stream()
                    .filter(one -> one.file().toString().equals(prediction.file()))
                    .findFirst()
                    .orElseThrow()
                    .label();
            boolean right = prediction.predictions().getFirst().label().equals(label);
            console.say("  %s  %-12s %s", right ? "right" : "wrong", label, prediction.words());
        }
        console.say("");
        console.say(
                "All of it took %s. The report, a web page: %s", Durations.words(report.seconds()), report.report());
        console.say("Next:");
        next(console, "predict " + trained.model() + " FILE…", "ask it about your own pictures");
        next(console, "demo --dataset FOLDER", "the same with your own pictures: FOLDER/LABEL/file");
        next(console, "status", "what runs");
        next(console, "down", "end it");
    }

    private static void next(Console console, String command, String purpose) {
        console.say("  ./graft %-26s %s", command, purpose);
    }
}
