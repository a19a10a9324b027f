package dev.graft.objectstore;

import java.net.URI;
import java.time.Duration;

/// How to reach an S3 bucket, and how patiently.
///
/// @param endpoint scheme, host and port, such as `http://127.0.0.1:9000`
/// @param region the region that requests are signed for
/// @param bucket the bucket, addressed in the path
/// @param accessKey the access key
/// @param secretKey the secret key
/// @param maxConnections the most requests at once; more wait
/// @param connectTimeout how long to wait for a connection
/// @param idleTimeout how long to wait for the next byte either way
/// @param attempts how often a call is tried in all
public record ObjectStoreSettings(
        URI endpoint,
        String region,
        String bucket,
        String accessKey,
        String secretKey,
        int maxConnections,
        Duration connectTimeout,
        Duration idleTimeout,
        int attempts) {

    public ObjectStoreSettings {
        if (endpoint.getHost() == null) {
            throw new IllegalArgumentException("The endpoint of the object store has no host: " + endpoint);
        }
        if (maxConnections < 1 || attempts < 1) {
            throw new IllegalArgumentException("maxConnections and attempts are at least 1");
        }
    }

    /// Returns settings with ordinary patience: 64 connections, 2 s to connect, 30 s between bytes, 5 attempts.
    public static ObjectStoreSettings of(
            URI endpoint, String region, String bucket, String accessKey, String secretKey) {
        return new ObjectStoreSettings(
                endpoint, region, bucket, accessKey, secretKey, 64, Duration.ofSeconds(2), Duration.ofSeconds(30), 5);
    }

    /// Returns the same settings with another number of attempts.
    public ObjectStoreSettings withAttempts(int newAttempts) {
        return new ObjectStoreSettings(
                endpoint,
                region,
                bucket,
                accessKey,
                secretKey,
                maxConnections,
                connectTimeout,
                idleTimeout,
                newAttempts);
    }

    /// Describes everything but the secret.
    @Override
    public String toString() {
        return "ObjectStoreSettings[endpoint=" + endpoint + ", region=" + region + ", bucket=" + bucket + ", accessKey="
                + accessKey + ", maxConnections=" + maxConnections + ", attempts=" + attempts + "]";
    }
}
