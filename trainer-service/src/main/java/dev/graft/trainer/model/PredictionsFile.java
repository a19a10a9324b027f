package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.Sha256;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/// The bundle's file of what the head answered to each picture of the evaluation: JSON lines, sorted by picture. It can
/// be as large as pictures times classes allow, and is therefore made on disk.
///
/// Its file is removed when it is closed.
record PredictionsFile(Path path, ModelCard.BundleFile listed) implements AutoCloseable {
    private static final ObjectWriter LINES =
            JsonMapper.builder().build().writerFor(Line.class).withRootValueSeparator("\n");

    /// A line.
    ///
    /// @param imageId       the picture
    /// @param label         its true class
    /// @param predicted     the most probable class
    /// @param probabilities float32 [classes], in the order of `model.json`'s labels
    @JsonPropertyOrder({"imageId", "label", "predicted", "probabilities"})
    private record Line(String imageId, String label, String predicted, float[] probabilities) {}

    /// Writes the answers to the images of a partition that are evaluated on.
    static PredictionsFile write(ScratchFolder scratch, Evaluation evaluation, Partition partition) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        Path path = scratch.create(".jsonl");
        try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(path)), sha256);
                SequenceWriter lines =
                        LINES.without(JsonGenerator.Feature.AUTO_CLOSE_TARGET).writeValues(out)) {
            for (Evaluation.Answer answer : evaluation.answers()) {
                lines.write(new Line(
                        partition.evaluation().get(answer.row()).imageId(),
                        partition.labels().get(answer.trueLabel()),
                        partition.labels().get(answer.answeredLabel()),
                        evaluation.probabilities()[answer.row()]));
            }
            lines.flush();
            out.write('\n');
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        return new PredictionsFile(path, new ModelCard.BundleFile(Sha256.hex(sha256), Files.size(path)));
    }

    ObjectContent content() {
        return ObjectContent.of(path, BundleFiles.mediaType(BundleFiles.PREDICTIONS));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
