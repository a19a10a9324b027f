package dev.graft.predict;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/// Where object storage is, `graft.object-store.*`.
@ConfigMapping(prefix = "graft.object-store")
public interface ObjectStoreConfig {

    /// The S3 endpoint.
    URI endpoint();

    /// The access key.
    String accessKey();

    /// The secret key.
    String secretKey();

    /// The bucket that all services share.
    @WithDefault("graft")
    String bucket();

    /// The region that requests are signed for.
    @WithDefault("us-east-1")
    String region();
}
