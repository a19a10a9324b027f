package dev.graft.problem.request;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Measures how long a connection has waited for the end of a head, and how fast its client takes an answer. A
/// connection that was accepted waits for a head at once, one that is kept open from the first byte of the
/// next. Over HTTP/2 only the first head is waited for: what comes then may belong to anything. For the
/// connection's event loop alone.
final class ConnectionClock extends ChannelInboundHandlerAdapter {
    /// Where it is kept: an upgrade to HTTP/2 removes it from the pipeline.
    private static final AttributeKey<ConnectionClock> KEY = AttributeKey.valueOf(ConnectionClock.class, "clock");

    private final AtomicInteger requestsUnderWay = new AtomicInteger();
    private boolean headAwaited = true;
    private long headSinceNanos = System.nanoTime();
    private boolean multiplexed;
    private @Nullable Object answer;
    private long answerBytesBefore;
    private long answerSinceNanos;

    private ConnectionClock() {}

    /// Gives the clock of a connection, and makes it the first time.
    static ConnectionClock of(Channel connection) {
        Attribute<ConnectionClock> kept = connection.attr(KEY);
        ConnectionClock known = kept.get();
        if (known != null) {
            return known;
        }
        ConnectionClock clock = new ConnectionClock();
        kept.set(clock);
        connection.pipeline().addFirst(clock);
        return clock;
    }

    /// Notes that a head has come to its end.
    static void headCame(RoutingContext request) {
        if (request.request().connection() instanceof ConnectionBase connection) {
            of(connection.channel()).begin(request);
        }
    }

    private void begin(RoutingContext request) {
        headAwaited = false;
        multiplexed = request.request().version() == HttpVersion.HTTP_2;
        requestsUnderWay.incrementAndGet();
        request.addEndHandler(_ -> requestsUnderWay.decrementAndGet());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object bytes) throws Exception {
        if (!headAwaited && !multiplexed && requestsUnderWay.get() == 0) {
            headAwaited = true;
            headSinceNanos = System.nanoTime();
        }
        super.channelRead(from, bytes);
    }

    /// Returns whether the head that is waited for has taken longer than it may.
    boolean isHeadTooSlow(long nowNanos, RequestLimits limits) {
        return headAwaited && nowNanos - headSinceNanos > limits.headTimeout().toNanos();
    }

    /// Returns whether the client has taken less of what is being written than it must. To be asked again and
    /// again.
    boolean isAnswerTooSlow(long nowNanos, RequestLimits limits, Channel connection) {
        ChannelOutboundBuffer unwritten = connection.unsafe().outboundBuffer();
        Object first = null;
        long bytes = 0;
        if (unwritten != null) {
            first = unwritten.current();
            bytes = unwritten.currentProgress();
        }
        boolean advanced =
                first != answer || bytes < answerBytesBefore || bytes - answerBytesBefore >= limits.minPaceBytes();
        if (first == null || advanced) {
            answer = first;
            answerBytesBefore = bytes;
            answerSinceNanos = nowNanos;
            return false;
        }
        return nowNanos - answerSinceNanos > limits.answerWindow().toNanos();
    }
}
