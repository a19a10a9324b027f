package dev.graft.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/// Says which ports a stack listens on: the base is the console's, the others follow it.
///
/// @param base the first
public record StackPorts(int base) {
    /// The base when none is chosen.
    public static final int DEFAULT_BASE = 8080;

    private static final int LAST_OFFSET = 7;

    public StackPorts {
        if (base < 1 || base + LAST_OFFSET > 65535) {
            throw new ActionableException(
                    "The port base " + base + " is not possible.",
                    "Choose one from 1 to " + (65535 - LAST_OFFSET) + " with --port-base N.");
        }
    }

    /// Gives the port of a service.
    public int of(Service service) {
        return base + service.portOffset();
    }

    /// Gives the port of the Kafka broker.
    public int broker() {
        return base + 5;
    }

    /// Gives the port of the S3 endpoint.
    public int objects() {
        return base + 6;
    }

    /// Gives the port of PostgreSQL.
    public int database() {
        return base + LAST_OFFSET;
    }

    private Map<String, Integer> byUser() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            ports.put(service.label() + " service", of(service));
        }
        ports.put("broker", broker());
        ports.put("object store", objects());
        ports.put("database", database());
        return ports;
    }

    /// Tries whether nobody else listens on any of them.
    ///
    /// @throws ActionableException when somebody does, naming the port
    void requireFree() {
        byUser().forEach((user, port) -> {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new ActionableException(
                        "Port " + port + " (" + user + ") is taken by another program.",
                        "Stop that program, or choose other ports with --port-base N: N to N+7 are used.",
                        e);
            }
        });
    }
}
