package dev.graft.ingest.intake;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file that was checked, with its bytes, before either is stored.
///
/// @param bytes     not copied; empty when nothing of the file is kept
/// @param objectKey where the bytes belong; absent when they are not kept
public record Checked(
        Candidate candidate, byte[] bytes, @Nullable String objectKey) {

    /// Joins a file with its verdict. The bytes of a refused file are kept for another try.
    public static Checked of(
            UUID rejectId,
            @Nullable String fileName,
            String label,
            @Nullable Split split,
            byte[] bytes,
            Verdict verdict) {
        return switch (verdict) {
            case Verdict.Sound sound ->
                new Checked(
                        new Candidate.Image(rejectId, fileName, label, split, sound, null),
                        bytes,
                        ObjectKeys.image(sound.imageId()));
            case Verdict.Refused refused -> {
                String objectKey = bytes.length == 0 ? null : rejectKey(refused.contentDigest());
                yield new Checked(
                        new Candidate.Unfit(
                                rejectId, fileName, label, split, refused.type(), refused.detail(), objectKey),
                        bytes,
                        objectKey);
            }
        };
    }

    /// Makes a file that is refused without a look at its bytes.
    public static Checked unseen(
            UUID rejectId, @Nullable String fileName, @Nullable String label, ProblemType type, String detail) {
        return new Checked(new Candidate.Unfit(rejectId, fileName, label, null, type, detail, null), new byte[0], null);
    }

    /// Has another copy of the same image count instead of this one.
    public Checked kept(Candidate.Kept copy) {
        Candidate.Image image = image();
        return new Checked(
                new Candidate.Image(
                        image.rejectId(), image.fileName(), image.label(), image.split(), image.image(), copy),
                bytes,
                objectKey);
    }

    /// Refuses a sound image; its bytes are kept for another try.
    public Checked refused(ProblemType type, String detail) {
        Candidate.Image image = image();
        String rejectKey = rejectKey(image.image().imageId());
        return new Checked(
                new Candidate.Unfit(
                        image.rejectId(), image.fileName(), image.label(), image.split(), type, detail, rejectKey),
                bytes,
                rejectKey);
    }

    private Candidate.Image image() {
        if (candidate instanceof Candidate.Image image) {
            return image;
        }
        throw new IllegalStateException("it is no sound picture");
    }

    private static String rejectKey(String contentDigest) {
        return "rejects/" + contentDigest;
    }
}
