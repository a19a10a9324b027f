package dev.graft.cli.augmentation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.DatasetView;
import dev.graft.cli.rest.IngestClient;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.cli.session.WholeNumber;
import dev.graft.networks.Catalogue;
import dev.graft.stack.ActionableException;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.Augmenter;
import dev.graft.vision.augment.Showing;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Draws a sheet of images and of what an augmentation makes of them.
@Command(
        name = "augment",
        description = {
            "Draw pictures of a dataset, and beside each what it becomes in several epochs, into a PNG file.",
            "SPEC is none, light, classic, or KEY=VALUE,KEY,…, such as rotation=15,zoom=0.9..1.1,horizontal-flip;",
            "a key that does not exist is answered with those that do.",
            "The same seed and pictures give the same file."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class AugmentCommand extends SessionCommand {
    private static final int VARIANTS = 6;
    private static final String TRAIN = "train";

    @Parameters(paramLabel = "DATASET", description = "Whose pictures are drawn: of its train split, if it has one.")
    private String dataset;

    @Option(
            names = "--augment",
            paramLabel = "SPEC",
            required = true,
            converter = AugmentationConverter.class,
            description = "How pictures are varied.")
    private Augmentation augmentation;

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "8",
            converter = ImageCount.class,
            description = "How many pictures are drawn, 1 to 24; ${DEFAULT-VALUE} by default.")
    private int images;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Another seed gives other variants; ${DEFAULT-VALUE} by default.")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "128",
            converter = PixelCount.class,
            description = "Side of each picture, 32 to 256 pixels; ${DEFAULT-VALUE} by default.")
    private int sizePixels;

    @Option(
            names = "--out",
            paramLabel = "FILE.png",
            required = true,
            description = "The file; an old one is replaced.")
    private Path out;

    /// What `--json` prints.
    ///
    /// @param augment  the specification, in full
    /// @param images   how many were drawn
    /// @param variants how many of each
    record Drawn(String dataset, String augment, long seed, int images, int variants, int sizePixels, String out) {}

    @Override
    protected void run(Session session) throws Exception {
        SheetFile file = SheetFile.at(out);
        Console console = session.console();
        ContactSheet sheet = new ContactSheet(sizePixels, VARIANTS);
        try (Progress progress = console.progress("augment")) {
            draw(session.services().ingest(), sheet, console, progress);
        }
        file.write(sheet.image());
        Drawn drawn =
                new Drawn(dataset, augmentation.toString(), seed, sheet.rows(), VARIANTS, sizePixels, out.toString());
        console.result(drawn, () -> print(console, drawn));
    }

    private void draw(IngestClient ingest, ContactSheet sheet, Console console, Progress progress) {
        List<JsonNode> chosen = chosen(ingest);
        Preprocessor preprocessor = new Preprocessor(
                Catalogue.standard().defaultBackbone().preprocessing().withInputSizePixels(sizePixels),
                DecodeLimits.STANDARD);
        Augmenter augmenter = new Augmenter(preprocessor, augmentation);
        for (int i = 0; i < chosen.size(); i++) {
            String id = chosen.get(i).path("id").asText();
            try {
                drawRow(sheet, preprocessor, augmenter, id, ingest.content(id));
            } catch (UndecodableImageException tooLarge) {
                console.remark("graft: " + chosen.get(i).path("file").asText(id) + ": " + tooLarge.getMessage());
            }
            progress.update(i + 1L, chosen.size(), "%d of %d pictures".formatted(i + 1, chosen.size()));
        }
        if (sheet.rows() == 0) {
            throw new ActionableException("None of the pictures can be drawn.", "Import smaller ones.");
        }
    }

    private void drawRow(ContactSheet sheet, Preprocessor preprocessor, Augmenter augmenter, String id, byte[] file)
            throws UndecodableImageException {
        byte[][] row = new byte[1 + VARIANTS][];
        row[0] = preprocessor.read(file);
        for (int epoch = 1; epoch <= VARIANTS; epoch++) {
            row[epoch] = augmenter.read(file, new Showing(seed, epoch, id));
        }
        sheet.add(row);
    }

    /// Chooses the first images in the order of the list, which is that of their digests and so as good as any.
    private List<JsonNode> chosen(IngestClient ingest) {
        DatasetView view = ingest.dataset(dataset);
        Map<String, String> choice = new HashMap<>(Map.of("limit", String.valueOf(images)));
        if (view.splits().containsKey(TRAIN)) {
            choice.put("split", TRAIN);
        }
        List<JsonNode> items = ingest.images(dataset, choice).items();
        if (items.isEmpty()) {
            throw new ActionableException(
                    "The dataset " + dataset + " has no pictures.", "Import some: ./graft import NAME PATH.");
        }
        return items;
    }

    private void print(Console console, Drawn drawn) {
        console.say("%s", drawn.augment());
        console.say(
                "Drew %d pictures of %s, and of each what it becomes in the epochs 1 to %d with the seed %d: %s",
                drawn.images(), drawn.dataset(), drawn.variants(), drawn.seed(), drawn.out());
        if (augmentation.isMixed()) {
            console.say("Pictures of a batch are mixed while training only; the sheet does not show it.");
        }
    }

    /// How many images are drawn. Its bound and that of [PixelCount] keep the pixels of a sheet within 35 MB, twice
    /// which the small heap of the command holds.
    static final class ImageCount extends WholeNumber {
        ImageCount() {
            super(1, 24, "pictures");
        }
    }

    /// How large they are drawn.
    static final class PixelCount extends WholeNumber {
        PixelCount() {
            super(32, 256, "pixels");
        }
    }
}
