package dev.graft.weightstore.cdi;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/// Says where weights are kept, `graft.weights.*`.
@ConfigMapping(prefix = "graft.weights")
public interface WeightsConfig {
    /// Keeps weight files on this machine's disk, where they can be mapped into memory. They can be made again
    /// at any time, and services may share the folder.
    @WithDefault("${java.io.tmpdir}/graft-weights")
    Path cacheDirectory();
}
