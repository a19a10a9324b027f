package dev.graft.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Finds ports that nobody listens on.
public final class FreePort {
    private FreePort() {}

    /// Returns `port`, or when it is 0 a port of the loopback address that is free now.
    static int orAny(int port) {
        return port == 0 ? any() : port;
    }

    /// Finds a port of the loopback address that is free now; somebody may take it before the caller does.
    public static int any() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
