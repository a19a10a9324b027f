package dev.graft.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/// Runs an S3 endpoint in this process that keeps objects as plain files.
///
/// An object appears by an atomic rename once it is complete, so that a killed process leaves no half object; and
/// with full durability it is on the disk before its put is answered.
public final class EmbeddedObjectStore implements AutoCloseable {
    private static final int MAXIMUM_THREADS = 64;

    private final S3Proxy proxy;
    private final BlobStore store;
    private final URI endpoint;

    private EmbeddedObjectStore(S3Proxy proxy, BlobStore store, URI endpoint) {
        this.proxy = proxy;
        this.store = store;
        this.endpoint = endpoint;
    }

    /// Starts an endpoint and returns once it serves.
    ///
    /// @param directory where its buckets are or will be
    /// @param port      to listen on; 0 for any free one
    /// @param bucket    made when it is missing
    /// @param durability whether a put waits for the disk
    /// @throws EmbeddedServerException when it cannot start
    public static EmbeddedObjectStore start(
            Path directory, int port, String accessKey, String secretKey, String bucket, Durability durability) {
        URI endpoint = URI.create("http://127.0.0.1:" + FreePort.orAny(port));
        try {
            createBucket(directory.resolve(bucket));
            Properties settings = new Properties();
            settings.setProperty("jclouds.filesystem.basedir", directory.toString());
            BlobStore files = BlobStores.create("filesystem", settings);
            BlobStore store = durability == Durability.FULL ? new DurableBlobStore(files, directory) : files;
            S3Proxy proxy = S3Proxy.builder()
                    .blobStore(store)
                    .endpoint(endpoint)
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                    .ignoreUnknownHeaders(true)
                    .jettyMaxThreads(MAXIMUM_THREADS)
                    .build();
            proxy.start();
            return new EmbeddedObjectStore(proxy, store, endpoint);
        } catch (Exception e) {
            throw new EmbeddedServerException("S3 endpoint", directory, e);
        }
    }

    /// Makes a bucket, which the store keeps as a folder. Its permissions are the bucket's access list: a folder that
    /// others may read would be a public bucket.
    private static void createBucket(Path folder) throws IOException {
        Files.createDirectories(folder);
        PosixFileAttributeView permissions = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (permissions != null) {
            permissions.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }

    /// Gives the base address that S3 clients need.
    public URI endpoint() {
        return endpoint;
    }

    /// Stops the endpoint.
    @Override
    public void close() {
        try {
            proxy.stop();
            store.close();
        } catch (Exception e) {
            throw new EmbeddedServerException("S3 endpoint", e);
        }
    }
}
