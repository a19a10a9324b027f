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
import dev.graft.predict.prediction.Prediction;
import dev.graft.predict.prediction.Predictor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/// Predicts pictures that lie in object storage.
@Singleton
class StoredImages {
    private final ObjectStore store;
    private final ModelShelf shelf;
    private final Predictor predictor;
    private final int maxFileSizeBytes;

    StoredImages(ObjectStore store, ModelShelf shelf, Predictor predictor, PredictConfig config) {
        this.store = store;
        this.shelf = shelf;
        this.predictor = predictor;
        this.maxFileSizeBytes = config.decode().maxFileSizeBytes();
    }

    /// Answers a request; what can never be answered is answered with the reason.
    ///
    /// @throws dev.graft.objectstore.ObjectStoreException when object storage is away
    PredictionCompleted predict(PredictionRequested request) {
        byte[] file;
        try {
            file = store.read(ObjectKeys.image(request.imageId()), maxFileSizeBytes);
        } catch (ObjectNotFoundException e) {
            return refusal(request, "The picture is not stored.");
        } catch (ObjectTooLargeException e) {
            return refusal(request, "The picture has more than %d bytes.".formatted(maxFileSizeBytes));
        }
        Optional<ServedModel> lent = shelf.lend(request.modelName());
        if (lent.isEmpty()) {
            return refusal(request, "No model named " + request.modelName() + " is in production.");
        }
        try (ServedModel model = lent.get()) {
            return switch (predictor.predict(model, file, request.top())) {
                case Prediction.Made made ->
                    new PredictionCompleted(
                            request.requestId(), model.name(), request.imageId(), model.version(), made.labels(), null);
                case Prediction.Refused refused ->
                    refusal(request, String.valueOf(refused.problem().detail()));
            };
        }
    }

    private static PredictionCompleted refusal(PredictionRequested request, String problem) {
        return new PredictionCompleted(
                request.requestId(), request.modelName(), request.imageId(), null, List.of(), problem);
    }
}
