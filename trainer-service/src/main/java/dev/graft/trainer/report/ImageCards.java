package dev.graft.trainer.report;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation.Answer;
import dev.graft.trainer.report.ReportPage.ImageCard;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.Thumbnail;
import dev.graft.vision.UndecodableImageException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Pictures with what was answered to them.
final class ImageCards {
    private static final int SIDE_PIXELS = 192;
    private static final int MAX_IMAGE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    /// How long a picture waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD).waiting(PATIENCE);

    ImageCards(ObjectStore store) {
        this.store = store;
    }

    List<ImageCard> of(List<Answer> answers, Partition partition) {
        return answers.stream().map(answer -> card(answer, partition)).toList();
    }

    private ImageCard card(Answer answer, Partition partition) {
        String imageId = partition.evaluation().get(answer.row()).imageId();
        return new ImageCard(
                imageId,
                partition.labels().get(answer.trueLabel()),
                partition.labels().get(answer.answeredLabel()),
                Figures.percent(answer.probability()),
                Figures.percent(answer.trueProbability()),
                thumbnail(imageId));
    }

    /// A report without one of its pictures is better than none.
    private Optional<String> thumbnail(String imageId) {
        try {
            byte[] file = store.read(ObjectKeys.image(imageId), MAX_IMAGE_BYTES);
            byte[] jpeg = Thumbnail.jpeg(decoder, file, SIDE_PIXELS);
            return Optional.of(Base64.getEncoder().encodeToString(jpeg));
        } catch (ObjectNotFoundException
                | ObjectTooLargeException
                | UndecodableImageException
                | DecoderBusyException e) {
            return Optional.empty();
        }
    }
}
