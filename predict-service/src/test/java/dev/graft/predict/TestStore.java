package dev.graft.predict;

import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreSettings;
import dev.graft.objectstore.S3ObjectStore;
import dev.graft.testkit.Backends;
import java.net.URI;
import java.util.Map;

/// Opens the shared object store outside the application.
final class TestStore {
    private static final String PREFIX = "graft.object-store.";

    private TestStore() {}

    static ObjectStore open() {
        Map<String, String> configuration = Backends.shared().configuration();
        return new S3ObjectStore(ObjectStoreSettings.of(
                URI.create(configuration.get(PREFIX + "endpoint")),
                configuration.get(PREFIX + "region"),
                configuration.get(PREFIX + "bucket"),
                configuration.get(PREFIX + "access-key"),
                configuration.get(PREFIX + "secret-key")));
    }
}
