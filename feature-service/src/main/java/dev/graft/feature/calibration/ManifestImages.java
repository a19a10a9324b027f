package dev.graft.feature.calibration;

import dev.graft.feature.manifest.IllegibleManifestException;
import dev.graft.feature.manifest.Manifests;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import java.util.List;
import java.util.TreeSet;

/// Chooses images of a dataset version: those whose ids come first. Ids are digests, so this is a choice at
/// random that is the same every time.
record ManifestImages(Manifests manifests) {
    /// Gives the ids of at most so many images, in order.
    ///
    /// @throws ProblemException `MANIFEST_NOT_FOUND` or `DATASET_EMPTY`
    List<String> choose(String manifestKey, int most) {
        TreeSet<String> chosen = new TreeSet<>();
        try {
            manifests.forEachImage(manifestKey, imageId -> {
                chosen.add(imageId);
                if (chosen.size() > most) {
                    chosen.removeLast();
                }
            });
        } catch (IllegibleManifestException e) {
            throw new ProblemException(ProblemType.MANIFEST_NOT_FOUND, e.sentence(), "/manifestKey");
        }
        if (chosen.isEmpty()) {
            throw new ProblemException(ProblemType.DATASET_EMPTY, "The manifest lists no pictures.", "/manifestKey");
        }
        return List.copyOf(chosen);
    }
}
