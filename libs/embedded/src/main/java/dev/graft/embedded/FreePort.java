package dev.graft.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Finds ports that nobody listens on.
///
/// A port that the system chooses may be chosen again before its server listens, by the next server that asks or for
/// any outgoing connection. These are chosen from below the ports that systems choose from (Linux: from 32768 on,
/// `net.ipv4.ip_local_port_range`; IANA: from 49152 on), and none twice by one class loader.
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /// Returns `port`, or when it is 0 a port of the loopback address that is free now.
    static int orAny(int port) {
        return port == 0 ? any() : port;
    }

    /// Finds a port of the loopback address that is free now; another process may take it before the caller does.
    ///
    /// @throws IllegalStateException when all of them were given or are taken
    public static int any() {
        int start = ThreadLocalRandom.current().nextInt(FIRST, END);
        for (int i = 0; i < END - FIRST; i++) {
            int port = FIRST + (start - FIRST + i) % (END - FIRST);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("there is no free port from " + FIRST + " to " + (END - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
