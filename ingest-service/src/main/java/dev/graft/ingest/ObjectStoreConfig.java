package dev.graft.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/// Where object storage is, `graft.object-store.*`.
@ConfigMapping(prefix = "graft.object-store")
public interface ObjectStoreConfig {

    /// The S3 endpoint.
    @WithDefault("http://127.0.0.1:8086")
    URI endpoint();

    /// The access key's id.
    @WithDefault("graft")
    String accessKey();

    /// The secret of the access key.
    @WithDefault("graft-secret")
    String secretKey();

    /// The bucket that holds everything.
    @WithDefault("graft")
    String bucket();

    /// The region that requests are signed for.
    @WithDefault("us-east-1")
    String region();
}
