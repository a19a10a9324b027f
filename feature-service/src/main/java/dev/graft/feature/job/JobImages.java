package dev.graft.feature.job;

import dev.graft.feature.manifest.IllegibleManifestException;
import dev.graft.feature.manifest.Manifests;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Lists the images of a job, each once, in the order in which the asker listed them, some at a time: a job of any
/// size needs the memory of one part.
@ApplicationScoped
class JobImages {
    private static final int PER_PART = 5_000;

    private final Manifests manifests;
    private final JobStore jobs;

    JobImages(Manifests manifests, JobStore jobs) {
        this.manifests = manifests;
        this.jobs = jobs;
    }

    /// Gives the ids in parts.
    ///
    /// @param skipped how many images are passed over at the beginning
    /// @param parts   receives each part; may block
    /// @throws UnanswerableJobException when the manifest is not there or not readable
    void forEachPart(EmbeddingJob job, long skipped, Consumer<List<String>> parts) {
        Consumer<Consumer<String>> list = list(job);
        Parts collected = new Parts(new EachOnce(list), skipped, parts);
        try {
            list.accept(collected::add);
        } catch (IllegibleManifestException e) {
            throw new UnanswerableJobException(e.sentence());
        }
        collected.flush();
    }

    private Consumer<Consumer<String>> list(EmbeddingJob job) {
        String manifestKey = job.manifestKey;
        return manifestKey == null
                ? imageIds -> jobs.listedImageIds(job.id()).forEach(imageIds)
                : imageIds -> manifests.forEachImage(manifestKey, imageIds);
    }

    private static final class Parts {
        private final EachOnce once;
        private final List<String> part = new ArrayList<>(PER_PART);
        private final Consumer<List<String>> parts;
        private long toSkip;

        Parts(EachOnce once, long skipped, Consumer<List<String>> parts) {
            this.once = once;
            this.toSkip = skipped;
            this.parts = parts;
        }

        void add(String imageId) {
            if (!once.isNew(imageId)) {
                return;
            }
            if (toSkip > 0) {
                toSkip--;
                return;
            }
            part.add(imageId);
            if (part.size() == PER_PART) {
                flush();
            }
        }

        void flush() {
            if (!part.isEmpty()) {
                parts.accept(List.copyOf(part));
                part.clear();
            }
        }
    }
}
