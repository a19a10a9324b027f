package dev.graft.cli.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs a request that may take long, and looks meanwhile whether the service is alive: a frozen one would keep its
/// client waiting without end.
///
/// @param http client
/// @param live the address of the service's liveness
record Watched(HttpClient http, URI live) {
    private static final Duration LOOK = Duration.ofSeconds(3);

    /// Called while the service does not answer; ends the watch by an exception.
    @FunctionalInterface
    interface Silence {
        void noticed();
    }

    /// @param silence  called every few seconds while the service is not alive
    /// @param speaking called every few seconds while it is alive
    /// @throws IOException as the work does
    <T> T run(Callable<T> work, Silence silence, Runnable speaking) throws IOException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofVirtual().start(task);
        try {
            while (true) {
                try {
                    return task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillUnderWay) {
                    if (isAlive()) {
                        speaking.run();
                    } else {
                        silence.noticed();
                    }
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException fault -> throw fault;
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            thread.interrupt();
        }
    }

    /// Any answer will do: what is wrong with a service that answers is for itself to say.
    private boolean isAlive() throws InterruptedException {
        try {
            http.send(HttpRequest.newBuilder(live).timeout(LOOK).build(), BodyHandlers.discarding());
            return true;
        } catch (IOException silent) {
            return false;
        }
    }
}
