package dev.graft.predict.model;

import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.predict.PredictConfig;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Makes a published version ready to serve.
@Singleton
class ModelLoader {
    private final Bundles bundles;
    private final DecodeLimits limits;

    ModelLoader(Bundles bundles, PredictConfig config) {
        this.bundles = bundles;
        this.limits = config.decode().limits();
    }

    /// Fetches, verifies, loads and tests a version. The caller holds the result.
    ///
    /// @throws UnservableModelException when trying again is useless
    ServedModel load(ModelPublished published) {
        try {
            ModelCard card = bundles.card(published);
            Path file = bundles.network(published, card);
            ServedNetwork network;
            try {
                network = new ServedNetwork(file);
            } finally {
                Files.deleteIfExists(file);
            }
            try {
                requireFit(card, network);
                selfTest(card, network);
                Preprocessor preprocessor = new Preprocessor(Recipes.of(card.preprocessing()), limits);
                return new ServedModel(card.model(), card.version(), card.labels(), preprocessor, network);
            } catch (RuntimeException | Error e) {
                network.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the network cannot be fetched", e);
        }
    }

    private static void requireFit(ModelCard card, ServedNetwork network) {
        if (network.inputSize() != card.preprocessing().inputSize()
                || network.classes() != card.labels().size()) {
            throw new UnservableModelException("the network takes pictures of %d pixels and knows %d classes, which"
                            .formatted(network.inputSize(), network.classes())
                    + " is not what model.json says");
        }
    }

    private static void selfTest(ModelCard card, ServedNetwork network) {
        List<List<Double>> expected = card.selfTest().probabilities();
        float[][] answers = network.classify(card.selfTest().pixels(network.inputSize()));
        for (int image = 0; image < answers.length; image++) {
            for (int label = 0; label < answers[image].length; label++) {
                double wanted = expected.get(image).size() == answers[image].length
                        ? expected.get(image).get(label)
                        : Double.NaN;
                // Written so that NaN on either side fails.
                if (!(Math.abs(answers[image][label] - wanted) <= ModelCard.SelfTest.TOLERANCE)) {
                    throw new UnservableModelException(
                            "the network fails its self-test: %s instead of %s for label %s of picture %d"
                                    .formatted(
                                            answers[image][label],
                                            wanted,
                                            card.labels().get(label),
                                            image));
                }
            }
        }
    }
}
