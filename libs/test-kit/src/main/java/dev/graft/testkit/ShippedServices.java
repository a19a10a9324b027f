package dev.graft.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Owns the processes that a test starts. Not safe for use by several threads.
public final class ShippedServices {
    private final Path log;
    private final List<ShippedService> started = new ArrayList<>();

    /// @param log what the processes print is appended there
    public ShippedServices(Path log) {
        this.log = log;
    }

    /// Forgets what processes of an earlier test printed.
    public void forgetTheLog() throws IOException {
        Files.deleteIfExists(log);
    }

    /// Starts a process, see [ShippedService#start].
    public ShippedService start(List<String> options) throws IOException {
        ShippedService service = ShippedService.start(log, options);
        started.add(service);
        return service;
    }

    /// Kills the processes that still run.
    public void kill() throws InterruptedException {
        for (ShippedService service : started) {
            service.kill();
        }
    }
}
