package dev.graft.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Stands before a backend as a TCP proxy, so that a test can take the backend away: refuse connections as a stopped
/// server does, or hang as a frozen one does, and bring it back.
public final class Gate implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int BACKLOG = 512;

    /// What the gate does with connections.
    public enum State {
        /// Passes everything on.
        PASS,
        /// Cuts every connection and refuses new ones.
        REFUSE,
        /// Keeps and takes connections and passes nothing on, until it passes again.
        HANG
    }

    private final String name;
    private final int port;
    private final int backendPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.PASS;
    private ServerSocket listener;
    private boolean closed;

    private Gate(String name, ServerSocket listener, int backendPort) {
        this.name = name;
        this.listener = listener;
        this.port = listener.getLocalPort();
        this.backendPort = backendPort;
    }

    /// Opens a gate on any free port of the loopback address.
    ///
    /// @param name for messages
    /// @param backendPort where the backend listens on the loopback address
    public static Gate before(String name, int backendPort) {
        try {
            Gate gate = new Gate(name, listen(0), backendPort);
            gate.accept(gate.listener);
            return gate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        return listener;
    }

    /// Gives the port that clients connect to.
    public int port() {
        return port;
    }

    /// Changes what happens from now on.
    public void set(State wanted) {
        lock.lock();
        try {
            if (wanted == State.REFUSE && state != State.REFUSE) {
                listener.close();
                cut();
            }
            if (wanted != State.REFUSE && state == State.REFUSE) {
                listener = listen(port);
                accept(listener);
            }
            state = wanted;
            changed.signalAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().name("gate-" + name).start(() -> {
            try {
                while (true) {
                    Socket client = from.accept();
                    Thread.ofVirtual().name("gate-" + name + "-connection").start(() -> connect(client));
                }
            } catch (IOException listenerClosed) {
                // Refused from now on.
            }
        });
    }

    private void connect(Socket client) {
        sockets.add(client);
        try (client;
                Socket backend = new Socket()) {
            awaitPassing();
            backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), backendPort));
            sockets.add(backend);
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            Thread answers = Thread.ofVirtual().start(() -> pump(backend, client));
            pump(client, backend);
            answers.join();
            sockets.remove(backend);
        } catch (IOException | InterruptedException cut) {
            // Both ends are closed.
        } finally {
            sockets.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitPassing();
                out.write(buffer, 0, read);
            }
            awaitPassing();
            to.shutdownOutput();
        } catch (IOException | InterruptedException cut) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void awaitPassing() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.HANG && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void cut() {
        sockets.forEach(Gate::closeQuietly);
    }

    @SuppressWarnings("EmptyCatch")
    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    /// Refuses for good.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            listener.close();
            cut();
            changed.signalAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
