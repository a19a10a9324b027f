package dev.graft.problem.request;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Closes connections on which a head comes, or an answer is taken, too slowly. The HTTP layer has no such
/// bounds: its idle timeout begins anew with every byte. Each event loop looks after its own connections.
@Singleton
class SlowConnections {
    private static final Logger LOG = Logger.getLogger(SlowConnections.class);
    private static final long SWEEP_MILLIS = 500;

    private final RequestLimits limits;
    private final List<Future<?>> sweeps = new ArrayList<>();

    SlowConnections(RequestLimits limits) {
        this.limits = limits;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        for (EventExecutor executor : ((VertxInternal) vertx).getEventLoopGroup()) {
            if (executor instanceof SingleThreadEventLoop loop) {
                sweeps.add(
                        loop.scheduleAtFixedRate(() -> sweep(loop), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS));
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        sweeps.forEach(sweep -> sweep.cancel(false));
    }

    private void sweep(SingleThreadEventLoop loop) {
        List<Channel> accepted = new ArrayList<>();
        loop.registeredChannelsIterator().forEachRemaining(connection -> {
            if (connection.parent() != null) {
                accepted.add(connection);
            }
        });
        long now = System.nanoTime();
        for (Channel connection : accepted) {
            ConnectionClock clock = ConnectionClock.of(connection);
            if (clock.isHeadTooSlow(now, limits) || clock.isAnswerTooSlow(now, limits, connection)) {
                LOG.debugf("Slow connection closed address=%s", connection.remoteAddress());
                // At once: its handlers would first write what the client does not take.
                connection.unsafe().close(connection.voidPromise());
            }
        }
    }
}
