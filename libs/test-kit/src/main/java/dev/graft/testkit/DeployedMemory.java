package dev.graft.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The memory that a service has where it is deployed.
///
/// @param options    options of the virtual machine that bound its memory
/// @param limitBytes what its container may take before the kernel ends it
public record DeployedMemory(List<String> options, long limitBytes) {
    private static final Pattern OPTIONS = Pattern.compile("JAVA_TOOL_OPTIONS\\s+value: \"([^\"]+)\"");
    private static final Pattern LIMIT = Pattern.compile("limits: \\{memory: (\\d+)Gi}");
    private static final String GREATEST_HEAP = "-Xmx";

    public DeployedMemory {
        options = List.copyOf(options);
    }

    /// Reads the manifest of the service of the module under test.
    ///
    /// @param service for example `predict-service`
    /// @throws IOException when there is none, or none that says both
    public static DeployedMemory of(String service) throws IOException {
        DeployedManifest manifest = DeployedManifest.of(service);
        return new DeployedMemory(
                List.of(manifest.find(OPTIONS).split(" ")), Long.parseLong(manifest.find(LIMIT)) << 30);
    }

    /// Gives the options of a virtual machine with this memory, with the compilers that it has in a container
    /// of two processors, and all of its heap resident from the start: what grows then lies outside.
    public List<String> withResidentHeap() {
        List<String> all = new ArrayList<>(options);
        options.stream()
                .filter(option -> option.startsWith(GREATEST_HEAP))
                .forEach(option -> all.add(option.replace(GREATEST_HEAP, "-Xms")));
        all.addAll(List.of("-XX:TieredStopAtLevel=4", "-XX:+ExitOnOutOfMemoryError", "-XX:+AlwaysPreTouch"));
        return all;
    }
}
