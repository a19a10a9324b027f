package dev.graft.problem.request;

import dev.graft.problem.request.OpenBodies.OpenBody;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Says when a body is waited for. A thread that blocks reads it by a stream, forms too, and waits in each read; on an
/// event loop the framework waits from the start to the end.
@Provider
class BodyClock implements ContainerRequestFilter {
    private final CurrentVertxRequest current;

    @Inject
    BodyClock(CurrentVertxRequest current) {
        this.current = current;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        RoutingContext context = current.getCurrent();
        if (context != null) {
            OpenBodies.of(context).ifPresent(body -> time(body, request));
        }
    }

    private static void time(OpenBody body, ContainerRequestContext request) {
        if (Context.isOnEventLoopThread()) {
            body.awaitEnd();
        } else {
            request.setEntityStream(new TimedStream(request.getEntityStream(), body));
        }
    }

    private static final class TimedStream extends FilterInputStream {
        private final OpenBody body;

        TimedStream(InputStream in, OpenBody body) {
            super(in);
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            body.await();
            try {
                return super.read();
            } finally {
                body.stop();
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            body.await();
            try {
                return super.read(target, offset, length);
            } finally {
                body.stop();
            }
        }

        /// Closing reads the rest, which does not come when the request was answered.
        @Override
        public void close() throws IOException {
            if (!body.isOver()) {
                super.close();
            }
        }
    }
}
