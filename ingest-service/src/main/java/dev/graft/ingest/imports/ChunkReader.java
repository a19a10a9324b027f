package dev.graft.ingest.imports;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.archive.ArchiveException;
import dev.graft.ingest.archive.ArchiveReader;
import dev.graft.ingest.archive.ArchivedFile;
import dev.graft.ingest.archive.Placement;
import dev.graft.ingest.intake.Checked;
import dev.graft.ingest.intake.ImageChecker;
import dev.graft.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/// Reads an archive's files in chunks and has them checked, many at a time, while it reads on.
///
/// A file may end the process that checks it, or break the check off. Where an attempt before ended like that,
/// the files that it had at work are read one by one, so that it shows which is to blame; one at which the last
/// attempts ended is refused unread.
final class ChunkReader {
    private static final Logger LOG = Logger.getLogger(ChunkReader.class);

    private static final int MAX_NAME_LENGTH = 1_024;

    /// One chunk is read while the one before is committed.
    private static final int CHUNKS_AT_WORK = 2;

    /// A file is refused when an attempt ended at it with others, and another at it alone.
    private static final int LEAST_ATTEMPTS = 2;

    private final ArchiveReader archive;
    private final Places places;
    private final Copies copies;
    private final ImageChecker checker;
    private final IngestConfig.Imports bounds;
    private final UUID importId;
    private final long suspectsEnd;
    private final long refusedOrdinal;
    private long nextOrdinal;

    /// Begins at a file of the archive, counted from 0.
    ChunkReader(
            ArchiveReader archive,
            Places places,
            Copies copies,
            ImageChecker checker,
            IngestConfig.Imports bounds,
            ImportWork work)
            throws ArchiveException, IOException {
        this.archive = archive;
        this.places = places;
        this.copies = copies;
        this.checker = checker;
        this.bounds = bounds;
        this.importId = work.importId();
        int attempt = work.attempt().number();
        this.suspectsEnd = work.nextOrdinal() + (attempt > 1 ? (long) CHUNKS_AT_WORK * bounds.filesPerChunk() : 0);
        this.refusedOrdinal = attempt > attemptsBeforeRefusal(bounds) ? work.nextOrdinal() : -1;
        while (nextOrdinal < work.nextOrdinal()) {
            if (!archive.advance()) {
                throw new IllegalStateException("an archive has fewer files than were imported from it");
            }
            nextOrdinal++;
        }
    }

    /// Returns how many attempts in a row end at a file before the next one refuses it.
    static int attemptsBeforeRefusal(IngestConfig.Imports bounds) {
        return Math.max(LEAST_ATTEMPTS, bounds.maxAttempts());
    }

    /// Returns whether the next file was at work when an attempt before this one ended. Nothing else is to be
    /// at work while it is checked.
    boolean isAmongSuspects() {
        return nextOrdinal < suspectsEnd;
    }

    /// Reads the next chunk and waits until all of it is checked.
    ///
    /// @return the files in the archive's order; empty at its end
    /// @throws ArchiveException when the archive turns out to be damaged, or to go beyond the limits
    /// @throws IOException      when the disk fails
    List<Checked> next() throws ArchiveException, IOException, InterruptedException {
        List<Future<Checked>> started = new ArrayList<>();
        long bytes = 0;
        int mostFiles = isAmongSuspects() ? 1 : bounds.filesPerChunk();
        while (started.size() < mostFiles && bytes < bounds.bytesPerChunk() && archive.advance()) {
            UUID rejectId = UUID.nameUUIDFromBytes((importId + "/" + nextOrdinal).getBytes(UTF_8));
            boolean isToBlame = nextOrdinal == refusedOrdinal;
            nextOrdinal++;
            String name = printable(archive.name().text());
            switch (places.of(archive.name())) {
                case Placement.Unsafe unsafe ->
                    started.add(refused(rejectId, name, ProblemType.ARCHIVE_UNSAFE, unsafe.detail()));
                case Placement.Misplaced misplaced ->
                    started.add(unread(rejectId, name, ProblemType.LABEL_MISSING, misplaced.detail()));
                case Placement.Unnamed unnamed ->
                    started.add(unread(rejectId, name, ProblemType.LABEL_UNREADABLE, unnamed.detail()));
                case Placement.Labelled place when isToBlame -> started.add(blamed(rejectId, name, place));
                case Placement.Labelled place -> {
                    ArchivedFile file = archive.read();
                    bytes += file instanceof ArchivedFile.Readable readable ? readable.bytes().length : 0;
                    started.add(start(rejectId, name, place, file));
                }
            }
        }
        List<Checked> chunk = new ArrayList<>(started.size());
        for (Future<Checked> check : started) {
            chunk.add(ImageChecker.await(check));
        }
        return chunk;
    }

    /// Not even the bytes are read, for unpacking them may have been what broke off.
    private Future<Checked> blamed(UUID rejectId, String name, Placement.Labelled place) {
        LOG.errorf("File of an import refused unread importId=%s ordinal=%d", importId, refusedOrdinal);
        return CompletableFuture.completedFuture(Checked.unseen(
                rejectId,
                name,
                place.label(),
                ProblemType.IMAGE_UNCHECKABLE,
                "The import broke off %d times at this file, at last with it alone. Export the picture again."
                        .formatted(attemptsBeforeRefusal(bounds))));
    }

    /// What a file is says more than where it lies.
    private Future<Checked> unread(UUID rejectId, String name, ProblemType type, String detail) {
        return archive.obstacle()
                .map(obstacle -> refused(rejectId, name, obstacle))
                .orElseGet(() -> refused(rejectId, name, type, detail));
    }

    private Future<Checked> start(UUID rejectId, String name, Placement.Labelled place, ArchivedFile file) {
        if (!(file instanceof ArchivedFile.Readable readable)) {
            return refused(rejectId, name, file);
        }
        byte[] bytes = readable.bytes();
        return checker.submit(
                bytes,
                verdict -> copies.settle(Checked.of(rejectId, name, place.label(), place.split(), bytes, verdict)));
    }

    private static Future<Checked> refused(UUID rejectId, String name, ArchivedFile file) {
        return switch (file) {
            case ArchivedFile.Readable _ ->
                throw new IllegalArgumentException("a file that can be read is not refused");
            case ArchivedFile.TooLarge tooLarge ->
                refused(
                        rejectId,
                        name,
                        ProblemType.IMAGE_TOO_LARGE,
                        "The file has more than %,d bytes. Send a smaller or more compressed picture."
                                .formatted(tooLarge.maxEntryBytes()));
            case ArchivedFile.Unreadable unreadable ->
                refused(rejectId, name, ProblemType.ARCHIVE_UNREADABLE, unreadable.detail());
            case ArchivedFile.Absent absent -> refused(rejectId, name, ProblemType.IMAGE_ABSENT, absent.detail());
        };
    }

    private static Future<Checked> refused(UUID rejectId, String name, ProblemType type, String detail) {
        return CompletableFuture.completedFuture(Checked.unseen(rejectId, name, null, type, detail));
    }

    /// Gives a name that can be stored and shown.
    static String printable(String path) {
        String name = path.replaceAll("\\p{Cntrl}", "\uFFFD");
        return name.length() <= MAX_NAME_LENGTH ? name : name.substring(name.length() - MAX_NAME_LENGTH);
    }
}
