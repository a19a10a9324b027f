package dev.graft.objectstore.cdi;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/// Says where pictures, embeddings and models are stored, `graft.object-store.*`.
@ConfigMapping(prefix = "graft.object-store")
public interface ObjectStoreConfig {
    /// The S3 endpoint, for example `http://127.0.0.1:9000`.
    URI endpoint();

    /// Names who asks.
    String accessKey();

    /// Proves it.
    String secretKey();

    /// The bucket that all services share.
    @WithDefault("graft")
    String bucket();

    /// The region that requests are signed for.
    @WithDefault("us-east-1")
    String region();
}
