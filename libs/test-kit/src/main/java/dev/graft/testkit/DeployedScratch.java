package dev.graft.testkit;

import java.io.IOException;
import java.util.regex.Pattern;

/// The room for temporary files that a service has where it is deployed. A pod that passes it is evicted.
public final class DeployedScratch {
    private static final Pattern LIMIT = Pattern.compile("- name: scratch\\s+emptyDir: \\{sizeLimit: (\\d+)Gi}");

    private DeployedScratch() {}

    /// Gives the room of the service of the module under test.
    ///
    /// @param service for example `predict-service`
    /// @throws IOException when no manifest says it
    public static long sizeBytes(String service) throws IOException {
        return Long.parseLong(DeployedManifest.of(service).find(LIMIT)) << 30;
    }
}
