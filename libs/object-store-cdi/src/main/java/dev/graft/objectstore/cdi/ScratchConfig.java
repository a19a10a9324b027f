package dev.graft.objectstore.cdi;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/// Says where files wait on their way to and from object storage, `graft.scratch.*`.
@ConfigMapping(prefix = "graft.scratch")
public interface ScratchConfig {
    /// The folder, whose name no other process has; it is made, and removed at the end.
    @WithDefault("${java.io.tmpdir}/graft-scratch-${quarkus.uuid}")
    Path directory();
}
