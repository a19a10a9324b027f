package dev.graft.objectstore;

import java.net.URI;
import java.time.Duration;

/// How to reach an S3 bucket, and how long to wait for it.
///
/// @param endpoint scheme, host and port, such as `http://127.0.0.1:9000`
/// @param region the region that requests are signed for
/// @param bucket the bucket, addressed in the path
/// @param accessKey the access key
/// @param secretKey the secret key
/// @param maxConnections the most requests at once; more wait
/// @param connectTimeout how long to wait for a connection
/// @param silenceTimeout how long to wait for the next byte either way, and for the answer to a small request; that to
///     a large one may take longer
public record ObjectStoreSettings(
        URI endpoint,
        String region,
        String bucket,
        String accessKey,
        String secretKey,
        int maxConnections,
        Duration connectTimeout,
        Duration silenceTimeout) {

    public ObjectStoreSettings {
        if (endpoint.getHost() == null) {
            throw new IllegalArgumentException("The endpoint of the object store has no host: " + endpoint);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections is at least 1");
        }
    }

    /// Returns settings whose calls fail in less than five seconds when the server does not answer: 64 connections, 2 s
    /// to connect, 3.5 s of silence.
    public static ObjectStoreSettings of(
            URI endpoint, String region, String bucket, String accessKey, String secretKey) {
        return new ObjectStoreSettings(
                endpoint, region, bucket, accessKey, secretKey, 64, Duration.ofSeconds(2), Duration.ofMillis(3_500));
    }

    /// Describes everything but the secret.
    @Override
    public String toString() {
        return "ObjectStoreSettings[endpoint=" + endpoint + ", region=" + region + ", bucket=" + bucket + ", accessKey="
                + accessKey + ", maxConnections=" + maxConnections + "]";
    }
}
