package dev.graft.problem.request;

import dev.graft.problem.request.OpenBodies.OpenBody;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Bounds bodies of requests over HTTP/2 while they are read. The HTTP layer would close the connection, and end the
/// requests of others with it.
@jakarta.ws.rs.ext.Provider
@ConstrainedTo(RuntimeType.SERVER)
class StreamedBodies implements ReaderInterceptor {
    private final CurrentVertxRequest current;
    private final Provider<BodySizes> sizes;

    /// @param sizes got when a body comes: this is made before the settings are read
    @Inject
    StreamedBodies(CurrentVertxRequest current, Provider<BodySizes> sizes) {
        this.current = current;
        this.sizes = sizes;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext reading) throws IOException {
        RoutingContext context = current.getCurrent();
        if (context != null && context.request().version() == HttpVersion.HTTP_2) {
            OpenBodies.of(context)
                    .ifPresent(
                            body -> reading.setInputStream(new BoundedStream(reading.getInputStream(), context, body)));
        }
        return reading.proceed();
    }

    private final class BoundedStream extends FilterInputStream {
        private final RoutingContext context;
        private final OpenBody body;

        BoundedStream(InputStream in, RoutingContext context, OpenBody body) {
            super(in);
            this.context = context;
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int read;
            body.reads();
            try {
                read = super.read();
            } finally {
                body.rests();
            }
            sizes.get().checkComing(context);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read;
            body.reads();
            try {
                read = super.read(target, offset, length);
            } finally {
                body.rests();
            }
            sizes.get().checkComing(context);
            return read;
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
