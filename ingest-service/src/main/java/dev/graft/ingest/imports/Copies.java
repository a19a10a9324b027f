package dev.graft.ingest.imports;

import dev.graft.contracts.Sha256;
import dev.graft.contracts.Split;
import dev.graft.ingest.archive.ArchiveException;
import dev.graft.ingest.archive.ArchiveLimits;
import dev.graft.ingest.archive.ArchiveReader;
import dev.graft.ingest.archive.ArchivedFile;
import dev.graft.ingest.archive.Placement;
import dev.graft.ingest.intake.Candidate;
import dev.graft.ingest.intake.Checked;
import dev.graft.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Settles what becomes of equal images at several places of one archive, so that the archive's order decides
/// nothing:
///
/// - Under two labels, no copy is taken.
/// - In two splits, the image is taken once: into the test split before the validation split, before the
///   training split. What was in the test split by mistake of a copy must not be learned from.
/// - In one split, the copies are duplicates.
///
/// Only files that have size and CRC-32 of another are read for it. At most [#MAX_IMAGES] images with copies
/// are looked at; of further ones the first copy counts.
final class Copies {
    private static final int MAX_IMAGES = 250_000;

    private final Map<String, Group> groups;

    private Copies(Map<String, Group> groups) {
        this.groups = groups;
    }

    /// Reads the files that may be copies.
    ///
    /// @param repeated the places of these files in the archive
    /// @throws ArchiveException when the archive is damaged, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    static Copies of(Path archive, ArchiveLimits limits, BitSet repeated, Places places)
            throws ArchiveException, IOException {
        Map<String, Group> groups = new HashMap<>();
        if (repeated.isEmpty()) {
            return new Copies(groups);
        }
        int last = repeated.length() - 1;
        try (ArchiveReader reader = ArchiveReader.open(archive, limits)) {
            for (int place = 0; place <= last && reader.advance(); place++) {
                if (repeated.get(place)
                        && places.of(reader.name()) instanceof Placement.Labelled labelled
                        && reader.read() instanceof ArchivedFile.Readable file) {
                    Copy copy = new Copy(
                            labelled.label(), labelled.split(), reader.name().text());
                    String imageId = Sha256.of(file.bytes());
                    if (groups.size() < MAX_IMAGES || groups.containsKey(imageId)) {
                        groups.merge(imageId, new Group(copy, copy, copy, false), Group::and);
                    }
                }
            }
        }
        groups.values().removeIf(group -> !group.isConflicting() && !group.inSeveralSplits());
        return new Copies(groups);
    }

    /// Settles a checked file. One that is no sound image stays as it is: no copy of it is.
    Checked settle(Checked checked) {
        if (!(checked.candidate() instanceof Candidate.Image image)) {
            return checked;
        }
        Group group = groups.get(image.image().imageId());
        if (group == null) {
            return checked;
        }
        if (group.isConflicting()) {
            return checked.refused(ProblemType.LABEL_CONFLICT, group.conflict(image.label()));
        }
        Copy kept = group.kept();
        return checked.kept(new Candidate.Kept(ChunkReader.printable(kept.file()), kept.split()));
    }

    private record Copy(String label, @Nullable Split split, String file) {
        boolean isBelow(Copy other) {
            int labels = label.compareTo(other.label);
            return labels < 0 || (labels == 0 && file.compareTo(other.file) < 0);
        }

        boolean isKeptBefore(Copy other) {
            int ranks = rank(split) - rank(other.split);
            return ranks > 0 || (ranks == 0 && file.compareTo(other.file) < 0);
        }

        private static int rank(@Nullable Split split) {
            return split == null
                    ? 0
                    : switch (split) {
                        case TRAIN -> 1;
                        case VALIDATION -> 2;
                        case TEST -> 3;
                    };
        }
    }

    /// The copies of one image.
    ///
    /// @param least           the least by label and name
    /// @param greatest        the greatest by label and name
    /// @param kept            the one that counts
    /// @param inSeveralSplits whether they are not all in one split
    private record Group(Copy least, Copy greatest, Copy kept, boolean inSeveralSplits) {
        Group and(Group one) {
            Copy copy = one.kept;
            return new Group(
                    copy.isBelow(least) ? copy : least,
                    greatest.isBelow(copy) ? copy : greatest,
                    copy.isKeptBefore(kept) ? copy : kept,
                    inSeveralSplits || copy.split() != kept.split());
        }

        boolean isConflicting() {
            return !least.label().equals(greatest.label());
        }

        String conflict(String label) {
            Copy other = label.equals(least.label()) ? greatest : least;
            return "The archive has the same picture with the label %s too, at %s. It is taken with neither: remove the wrong one, and import again."
                    .formatted(other.label(), ChunkReader.printable(other.file()));
        }
    }
}
