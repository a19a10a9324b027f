package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectStoreException;
import dev.graft.objectstore.S3ObjectStore;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Makes the bucket when it is missing, as soon as the object store answers. A service that may not make it says so in
/// its log and is not ready until somebody else has made it.
@Singleton
class BucketCreation {
    private static final Logger LOG = Logger.getLogger(BucketCreation.class);
    private static final long PAUSE_SECONDS = 2;

    private final S3ObjectStore store;
    private final String bucket;
    private final SupervisedThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);

    BucketCreation(S3ObjectStore store, ObjectStoreConfig config, SupervisedThreads threads) {
        this.store = store;
        this.threads = threads;
        this.bucket = config.bucket();
    }

    void start(@Observes StartupEvent event) {
        threads.virtualToTheEnd("bucket", this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    private void run() throws InterruptedException {
        String said = "";
        do {
            String fault = create();
            if (fault.isEmpty()) {
                return;
            }
            if (!fault.equals(said)) {
                LOG.warnf("Bucket neither found nor made, trying again bucket=%s reason=%s", bucket, fault);
                said = fault;
            }
        } while (!stopping.await(PAUSE_SECONDS, TimeUnit.SECONDS));
    }

    /// Says what is wrong; nothing when the bucket is there.
    private String create() {
        try {
            store.ensureBucket();
            return "";
        } catch (ObjectStoreException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
