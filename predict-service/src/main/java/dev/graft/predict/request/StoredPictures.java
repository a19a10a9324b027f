package dev.graft.predict.request;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ModelShelf;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.picture.Prediction;
import dev.graft.predict.picture.Predictor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/// Predicts pictures that lie in object storage.
@Singleton
class StoredPictures {
    private final ObjectStore store;
    private final ModelShelf shelf;
    private final Predictor predictor;
    private final int maxFileSizeBytes;

    StoredPictures(ObjectStore store, ModelShelf shelf, Predictor predictor, PredictConfig config) {
        this.store = store;
        this.shelf = shelf;
        this.predictor = predictor;
        this.maxFileSizeBytes = config.decode().maxFileSizeBytes();
    }

    /// Answers a wish; what can never be answered is answered with the reason. Anything thrown may pass.
    PredictionCompleted predict(PredictionRequested wish) {
        byte[] file;
        try {
            file = store.read(ObjectKeys.image(wish.imageId()), maxFileSizeBytes);
        } catch (ObjectNotFoundException e) {
            return refusal(wish, "The picture is not stored.");
        } catch (ObjectTooLargeException e) {
            return refusal(wish, "The picture has more than %d bytes.".formatted(maxFileSizeBytes));
        }
        Optional<ServedModel> lent = shelf.lend(wish.modelName());
        if (lent.isEmpty()) {
            return refusal(wish, "No model named " + wish.modelName() + " is in production.");
        }
        try (ServedModel model = lent.get()) {
            return switch (predictor.predict(model, file, wish.top())) {
                case Prediction.Made made ->
                    new PredictionCompleted(
                            wish.requestId(), model.name(), wish.imageId(), model.version(), made.labels(), null);
                case Prediction.Refused refused ->
                    refusal(wish, String.valueOf(refused.problem().detail()));
            };
        }
    }

    private static PredictionCompleted refusal(PredictionRequested wish, String problem) {
        return new PredictionCompleted(wish.requestId(), wish.modelName(), wish.imageId(), null, List.of(), problem);
    }
}
