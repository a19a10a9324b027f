package dev.graft.objectstore;

import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.MinioException;
import java.io.ByteArrayInputStream;
import java.util.Map;

/// Sends contents to a bucket: small ones and conditional ones in one request, others in parts. Each call is one
/// attempt.
record S3Upload(MinioClient client, String bucket) {
    /// A server may hold a whole part in memory to check its signature. S3 takes 10,000 parts: 78 GiB.
    private static final long PART_SIZE_BYTES = 8L << 20;

    private static final Map<String, String> ONLY_IF_ABSENT = Map.of("If-None-Match", "*");

    /// Stores an object, in place of one that may be there.
    ///
    /// @param content bytes or a file
    /// @return true
    boolean whole(String key, ObjectContent content) throws MinioException {
        return send(key, content, PART_SIZE_BYTES, Map.of());
    }

    /// Stores an object unless there is one.
    ///
    /// @param content bytes or a file
    /// @return true
    /// @throws MinioException with status 412 when there is one
    boolean ifAbsent(String key, ObjectContent content) throws MinioException {
        return send(key, content, ObjectContent.MAX_CONDITIONAL_SIZE_BYTES, ONLY_IF_ABSENT);
    }

    private boolean send(String key, ObjectContent content, long partSizeBytes, Map<String, String> headers)
            throws MinioException {
        switch (content) {
            case ObjectContent.Bytes bytes
            when bytes.sizeBytes() <= partSizeBytes ->
                client.putObject(PutObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .headers(headers)
                        .contentType(bytes.contentType())
                        .data(bytes.bytes(), bytes.bytes().length)
                        .build());
            case ObjectContent.Bytes bytes ->
                client.putObject(
                        PutObjectArgs.builder()
                                .bucket(bucket)
                                .object(key)
                                .headers(headers)
                                .contentType(bytes.contentType())
                                .stream(new ByteArrayInputStream(bytes.bytes()), bytes.sizeBytes(), partSizeBytes)
                                .build());
            case ObjectContent.File file ->
                client.uploadObject(UploadObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .headers(headers)
                        .contentType(file.contentType())
                        .filename(file.path().toString(), partSizeBytes)
                        .build());
        }
        return true;
    }
}
