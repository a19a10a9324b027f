package dev.graft.stack;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks a server for the first thing that its protocol answers without a name or password, so that one that only takes
/// connections, as a frozen one does, is found out.
enum Knock {
    /// An SSLRequest is answered by one byte, `S` or `N` (PostgreSQL documentation, "Message Formats").
    POSTGRESQL {
        @Override
        boolean isAnswered(DataOutputStream out, DataInputStream in) throws IOException {
            out.writeInt(8);
            out.writeInt(80_877_103);
            out.flush();
            int answer = in.read();
            return answer == 'S' || answer == 'N';
        }
    },

    /// An ApiVersions request, version 0, is answered with its own correlation id (Kafka protocol guide).
    KAFKA {
        @Override
        boolean isAnswered(DataOutputStream out, DataInputStream in) throws IOException {
            int correlationId = 1;
            out.writeInt(10);
            out.writeShort(18);
            out.writeShort(0);
            out.writeInt(correlationId);
            out.writeShort(-1);
            out.flush();
            return in.readInt() >= Integer.BYTES && in.readInt() == correlationId;
        }
    },

    /// Any answer to a request will do, a refusal too.
    HTTP {
        @Override
        boolean isAnswered(DataOutputStream out, DataInputStream in) throws IOException {
            out.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("HTTP/");
        }
    };

    abstract boolean isAnswered(DataOutputStream out, DataInputStream in) throws IOException;

    /// Returns whether a server on a port of the loopback address answers in time.
    boolean isAnswered(int port, Duration deadline) {
        int millis = Math.toIntExact(deadline.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            return isAnswered(
                    new DataOutputStream(socket.getOutputStream()), new DataInputStream(socket.getInputStream()));
        } catch (IOException silent) {
            return false;
        }
    }
}
