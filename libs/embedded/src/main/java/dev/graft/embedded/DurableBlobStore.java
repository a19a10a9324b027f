package dev.graft.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/// Answers a put only when the object and the folders that name it are on the disk, so that it outlives a power cut:
/// the store beneath leaves both to the operating system.
final class DurableBlobStore extends ForwardingBlobStore {
    private static final System.Logger LOG = System.getLogger(DurableBlobStore.class.getName());

    private final Path root;

    /// @param root the folder of the buckets
    DurableBlobStore(BlobStore files, Path root) {
        super(files);
        this.root = root;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        PutObjectResponse response = super.putBlob(request, payload);
        force(request.bucket(), request.key());
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
        force(upload.containerName(), upload.blobName());
        return response;
    }

    private void force(String bucket, String key) {
        try {
            for (Path path = root.resolve(bucket).resolve(key); path != null && path.startsWith(root); ) {
                force(path);
                path = path.getParent();
            }
        } catch (NoSuchFileException deleted) {
            LOG.log(System.Logger.Level.DEBUG, "Object deleted as it was put key=" + key);
        } catch (IOException lost) {
            throw new UncheckedIOException("The object " + key + " may not be on the disk", lost);
        }
    }

    /// Linux forces what was opened for reading, folders included.
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
