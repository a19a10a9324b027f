package dev.graft.cli.prediction;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.ImageFile;
import dev.graft.cli.rest.PredictClient;
import dev.graft.cli.rest.PredictionView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks a model about files, a few with each request.
public record Predictions(Console console, PredictClient predict) {
    private static final int REQUEST_FILES_MAX = 16;
    private static final long REQUEST_BYTES_MAX = 16L << 20;

    /// What came of it.
    ///
    /// @param answers in the order of the files, without those that were refused
    /// @param refused how many files the model could not be asked about
    public record Outcome(List<Prediction> answers, int refused) {}

    public Outcome ask(String model, List<Path> files, int top) {
        return ask(model, files, top, null);
    }

    /// @param backbone whose classifier of ImageNet is asked, for the model `imagenet` only; absent: the
    ///     default one's
    public Outcome ask(String model, List<Path> files, int top, @Nullable String backbone) {
        List<Prediction> answers = new ArrayList<>();
        int next = 0;
        while (next < files.size()) {
            List<byte[]> images = new ArrayList<>();
            long sizeBytes = 0;
            for (int i = next; i < files.size() && images.size() < REQUEST_FILES_MAX; i++) {
                byte[] image = ImageFile.read(files.get(i));
                sizeBytes += image.length;
                if (!images.isEmpty() && sizeBytes > REQUEST_BYTES_MAX) {
                    break;
                }
                images.add(image);
            }
            List<PredictionView> views = predict.predict(model, images, top, backbone);
            for (int i = 0; i < views.size(); i++) {
                take(files.get(next + i).toString(), views.get(i), answers);
            }
            next += images.size();
        }
        return new Outcome(answers, files.size() - answers.size());
    }

    private void take(String file, PredictionView view, List<Prediction> answers) {
        if (view.problem() == null) {
            answers.add(Prediction.of(file, view));
        } else {
            console.remark("graft: " + file + ": " + view.problem().sentence());
        }
    }
}
