package dev.graft.objectstore;

import java.net.URI;
import java.time.Duration;

/// Says where an S3 endpoint is and how to talk to it.
///
/// @param endpoint       for example `http://127.0.0.1:9000`
/// @param region         that requests are signed for
/// @param connectTimeout for one connection attempt
/// @param readTimeout    between two bytes of an answer
/// @param attempts       how often a call is tried in all before it fails, at least 1
public record S3Settings(
        URI endpoint,
        String accessKey,
        String secretKey,
        String bucket,
        String region,
        Duration connectTimeout,
        Duration readTimeout,
        int attempts) {

    public S3Settings {
        if (bucket.isBlank()) {
            throw new IllegalArgumentException("a bucket name is needed");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /// Settings with 5 s to connect, 60 s to read and 4 attempts.
    public static S3Settings of(URI endpoint, String accessKey, String secretKey, String bucket, String region) {
        return new S3Settings(
                endpoint, accessKey, secretKey, bucket, region, Duration.ofSeconds(5), Duration.ofSeconds(60), 4);
    }

    @Override
    public String toString() {
        return "S3Settings[endpoint=%s, bucket=%s, region=%s]".formatted(endpoint, bucket, region);
    }
}
