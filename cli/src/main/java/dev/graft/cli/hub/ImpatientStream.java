package dev.graft.cli.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gives up a stream that falls silent: a request's own time limit ends when the body begins. Not for several
/// threads.
final class ImpatientStream extends FilterInputStream {
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration silence;

    /// @param in      a stream that a waiting read leaves when it is closed
    /// @param silence the longest time between two bytes
    ImpatientStream(InputStream in, Duration silence) {
        super(in);
        this.silence = silence;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    /// @throws HttpTimeoutException when nothing comes for too long
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Future<Integer> count = reader.submit(() -> in.read(buffer, offset, length));
        try {
            return count.get(silence.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("nothing was sent for %d s".formatted(silence.toSeconds()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /// Closes the stream; a read that still waits ends.
    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            reader.shutdownNow();
        }
    }
}
