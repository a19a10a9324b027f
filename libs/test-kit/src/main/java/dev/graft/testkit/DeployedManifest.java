package dev.graft.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The manifest by which the service of the module under test is deployed.
record DeployedManifest(String text) {
    private static final Path MANIFESTS = Path.of("..", "deploy", "kubernetes");

    /// Reads the manifest of a service.
    ///
    /// @throws IOException when there is none
    static DeployedManifest of(String service) throws IOException {
        return new DeployedManifest(Files.readString(MANIFESTS.resolve(service + ".yaml")));
    }

    /// Gives what the first group of a pattern matches.
    ///
    /// @throws IOException when the manifest has nothing like it
    String find(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("the manifest has nothing like " + pattern);
        }
        return matcher.group(1);
    }
}
