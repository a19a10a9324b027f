package dev.graft.feature.extractor;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Bounds the weights that are taken, beside [dev.graft.weightstore.cdi.WeightsConfig].
@ConfigMapping(prefix = "graft.weights")
public interface WeightIntakeConfig {
    /// The largest file of weights that is taken.
    @WithDefault("4G")
    MemorySize maxFileSize();
}
