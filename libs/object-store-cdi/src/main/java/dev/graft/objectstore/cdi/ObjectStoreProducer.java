package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreSettings;
import dev.graft.objectstore.S3ObjectStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Opens the object store for the whole service.
final class ObjectStoreProducer {
    @Produces
    @Singleton
    ObjectStore open(ObjectStoreConfig config) {
        return new S3ObjectStore(ObjectStoreSettings.of(
                config.endpoint(), config.region(), config.bucket(), config.accessKey(), config.secretKey()));
    }

    void close(@Disposes ObjectStore store) {
        store.close();
    }
}
