package dev.graft.feature.job;

import dev.graft.feature.manifest.IllegibleManifestException;
import dev.graft.feature.manifest.Manifests;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Lists the pictures of a job, in the order in which the asker listed them.
@ApplicationScoped
class JobPictures {
    private final Manifests manifests;

    JobPictures(Manifests manifests) {
        this.manifests = manifests;
    }

    /// Gives the ids, each once.
    ///
    /// @throws UnanswerableJobException when the manifest is not there or not readable
    SequencedSet<String> of(EmbeddingJob job) {
        if (job.manifestKey == null) {
            return new LinkedHashSet<>(job.listedImageIds());
        }
        SequencedSet<String> imageIds = new LinkedHashSet<>();
        try {
            manifests.forEachImage(job.manifestKey, imageIds::add);
            return imageIds;
        } catch (IllegibleManifestException e) {
            throw new UnanswerableJobException(e.sentence());
        }
    }
}
