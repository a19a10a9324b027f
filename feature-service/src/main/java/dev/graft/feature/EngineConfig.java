package dev.graft.feature;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;

/// Says what runs the networks, and where weights are kept.
@ConfigMapping(prefix = "graft")
public interface EngineConfig {
    /// The engine: `auto`, `onnxruntime` or `pytorch`.
    @WithDefault("auto")
    String engine();

    /// The device: `auto`, `cpu` or `cuda:N`.
    @WithDefault("auto")
    String device();

    /// Keeps weight files on this machine's disk, where they can be mapped into memory. They can be made again at any
    /// time.
    @WithName("weights.cache-directory")
    @WithDefault("${java.io.tmpdir}/graft-weights")
    Path weightsCacheDirectory();

    /// How many networks stay open at most, beyond those in use.
    @WithName("embedding.max-open-extractors")
    @WithDefault("4")
    int maxOpenExtractors();
}
