package dev.graft.objectstore;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;

/// Keeps objects in a bucket of any S3 server.
///
/// Contents over 8 MiB go up in parts, unless the put is conditional. Every call is one attempt with deadlines
/// ([ObjectStoreSettings#silenceTimeout()]), and safe to repeat but for the stream of [#open(String)].
///
/// The MinIO SDK, because it speaks plain S3 through an HTTP client that we make: so every call has our deadlines
/// ([S3Deadlines]), and sockets send at once ([NoDelaySocketFactory]), without which small puts take 13 times as long.
public final class S3ObjectStore implements ObjectStore {

    private final String bucket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final OkHttpClient http;
    private final MinioClient client;
    private final S3Upload upload;

    /// Connects lazily: nothing is sent before the first call.
    public S3ObjectStore(ObjectStoreSettings settings) {
        bucket = settings.bucket();
        http = S3Connections.open(settings, threads);
        client = MinioClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(settings.accessKey(), settings.secretKey())
                .httpClient(http)
                .build();
        upload = new S3Upload(client, bucket);
    }

    /// Creates the bucket unless it is there.
    ///
    /// @throws ObjectStoreUnavailableException if the store does not answer
    /// @throws ObjectStoreRefusedException if there is none and we may not create it
    public void ensureBucket() {
        if (!hasBucket()) {
            call("create bucket " + bucket, this::createBucket);
        }
    }

    private boolean hasBucket() {
        return call(
                "find bucket " + bucket,
                () -> client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build()));
    }

    @Override
    public void put(String key, ObjectContent content) {
        KeyRules.check(key);
        call("put " + key, () -> upload.whole(key, content));
    }

    @Override
    public boolean putIfAbsent(String key, ObjectContent content) {
        KeyRules.check(key);
        KeyRules.checkConditional(content);
        return call("put " + key, () -> {
            try {
                return upload.ifAbsent(key, content);
            } catch (MinioException e) {
                if (S3Faults.isPreconditionFailed(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public InputStream open(String key) {
        KeyRules.check(key);
        return callForKey(key, "get " + key, () -> get(key));
    }

    @Override
    public byte[] read(String key, int maxSizeBytes) {
        KeyRules.check(key);
        return callForKey(key, "get " + key, () -> {
            try (GetObjectResponse object = get(key)) {
                String stated = object.headers().get("Content-Length");
                if (stated != null && Long.parseLong(stated) > maxSizeBytes) {
                    throw new ObjectTooLargeException(key, maxSizeBytes);
                }
                byte[] bytes = object.readNBytes(maxSizeBytes);
                if (object.read() >= 0) {
                    throw new ObjectTooLargeException(key, maxSizeBytes);
                }
                return bytes;
            }
        });
    }

    @Override
    public byte[] readRange(String key, long offsetBytes, int lengthBytes) {
        KeyRules.check(key);
        KeyRules.checkRange(offsetBytes, lengthBytes);
        GetObjectArgs range = GetObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .offset(offsetBytes)
                .length((long) lengthBytes)
                .build();
        return callForKey(key, "get a range of " + key, () -> {
            try (GetObjectResponse object = client.getObject(range)) {
                byte[] bytes = object.readNBytes(lengthBytes);
                if (bytes.length < lengthBytes) {
                    throw new ObjectRangeException(key, offsetBytes, lengthBytes);
                }
                return bytes;
            } catch (MinioException e) {
                if (S3Faults.isRangeNotSatisfiable(e)) {
                    throw new ObjectRangeException(key, offsetBytes, lengthBytes);
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        KeyRules.check(key);
        StatObjectArgs stat =
                StatObjectArgs.builder().bucket(bucket).object(key).build();
        return call("examine " + key, () -> {
            try {
                StatObjectResponse found = client.statObject(stat);
                return Optional.of(new ObjectInfo(
                        key,
                        found.size(),
                        found.contentType(),
                        found.lastModified().toInstant()));
            } catch (MinioException e) {
                if (S3Faults.isNoSuchKey(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(String key) {
        KeyRules.check(key);
        call("delete " + key, () -> {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
            return true;
        });
    }

    @Override
    public void ping() {
        if (!hasBucket()) {
            throw new ObjectStoreRefusedException("The object store has no bucket " + bucket, null);
        }
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.connectionPool().evictAll();
        threads.shutdown();
    }

    private GetObjectResponse get(String key) throws MinioException {
        return client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(key).build());
    }

    /// @return false when it was there all the same
    private boolean createBucket() throws MinioException {
        try {
            client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            return true;
        } catch (MinioException e) {
            // Another replica may have been faster.
            if (S3Faults.status(e) != 409) {
                throw e;
            }
            return false;
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws MinioException, IOException;
    }

    private static <T> T call(String what, Call<T> call) {
        try {
            return call.run();
        } catch (MinioException | IOException e) {
            throw S3Faults.toException(what, e);
        } catch (IllegalStateException e) {
            // The SDK gives some faults of the connection as these, around them.
            if (e.getCause() instanceof IOException fault) {
                throw S3Faults.toException(what, fault);
            }
            throw e;
        }
    }

    private static <T> T callForKey(String key, String what, Call<T> call) {
        return call(what, () -> {
            try {
                return call.run();
            } catch (MinioException e) {
                if (S3Faults.isNoSuchKey(e)) {
                    throw new ObjectNotFoundException(key);
                }
                throw e;
            }
        });
    }
}
