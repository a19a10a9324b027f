package dev.graft.trainer.report;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation.Answer;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.PictureDecoder;
import dev.graft.vision.Thumbnail;
import dev.graft.vision.UndecodablePictureException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Pictures with what was answered to them.
final class PictureCards {
    private static final int SIDE_PIXELS = 192;
    private static final int MAX_PICTURE_BYTES = (int) DecodeLimits.STANDARD.maxFileSizeBytes();

    /// How long a picture waits for memory, which others give back within seconds.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final PictureDecoder decoder = new PictureDecoder(DecodeLimits.STANDARD).waiting(PATIENCE);

    PictureCards(ObjectStore store) {
        this.store = store;
    }

    void write(Html html, List<Answer> answers, Partition partition) {
        html.raw("<div class=\"cards\">");
        for (Answer answer : answers) {
            card(html, answer, partition);
        }
        html.raw("</div>");
    }

    private void card(Html html, Answer answer, Partition partition) {
        String imageId = partition.evaluation().get(answer.row()).imageId();
        String truth = partition.labels().get(answer.trueLabel());
        String answered = partition.labels().get(answer.answeredLabel());
        html.raw(answer.right() ? "<figure class=\"card\">" : "<figure class=\"card mistake\">");
        Optional<String> thumbnail = thumbnail(imageId);
        if (thumbnail.isPresent()) {
            html.raw("<img loading=\"lazy\" src=\"data:image/jpeg;base64," + thumbnail.get() + "\" alt=\"")
                    .text("Picture of class %s, answered %s".formatted(truth, answered))
                    .raw("\" title=\"")
                    .text(imageId)
                    .raw("\">");
        } else {
            html.raw("<div class=\"gone\">The picture is gone from object storage</div>");
        }
        html.raw("<figcaption>");
        if (answer.right()) {
            html.element("strong", answered).element("span", Html.percent(answer.probability()));
        } else {
            html.element("strong", answered)
                    .element("span", Html.percent(answer.probability()))
                    .raw("<span class=\"truth\">truly ")
                    .element("b", truth)
                    .text(" " + Html.percent(answer.trueProbability()))
                    .raw("</span>");
        }
        html.raw("</figcaption></figure>");
    }

    /// A report without one of its pictures is better than none.
    private Optional<String> thumbnail(String imageId) {
        try {
            byte[] file = store.read(ObjectKeys.image(imageId), MAX_PICTURE_BYTES);
            byte[] jpeg = Thumbnail.jpeg(decoder, file, SIDE_PIXELS);
            return Optional.of(Base64.getEncoder().encodeToString(jpeg));
        } catch (ObjectNotFoundException
                | ObjectTooLargeException
                | UndecodablePictureException
                | DecoderBusyException e) {
            return Optional.empty();
        }
    }
}
