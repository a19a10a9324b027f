package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreSettings;
import dev.graft.objectstore.S3ObjectStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;

/// Opens the object store for the whole service.
final class ObjectStoreProducer {
    @Produces
    @Singleton
    @Typed(S3ObjectStore.class)
    S3ObjectStore connect(ObjectStoreConfig config) {
        return new S3ObjectStore(ObjectStoreSettings.of(
                config.endpoint(), config.region(), config.bucket(), config.accessKey(), config.secretKey()));
    }

    @Produces
    @Singleton
    @Typed(ObjectStore.class)
    ObjectStore open(S3ObjectStore store) {
        return new GuardedObjectStore(store);
    }

    void close(@Disposes S3ObjectStore store) {
        store.close();
    }
}
