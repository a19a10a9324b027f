package dev.graft.ingest;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreSettings;
import dev.graft.objectstore.S3ObjectStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the clients of backends that the framework does not make.
final class Backends {

    @Produces
    @Singleton
    ObjectStore objectStore(ObjectStoreConfig config) {
        return new S3ObjectStore(ObjectStoreSettings.of(
                config.endpoint(), config.region(), config.bucket(), config.accessKey(), config.secretKey()));
    }

    void close(@Disposes ObjectStore store) {
        store.close();
    }
}
