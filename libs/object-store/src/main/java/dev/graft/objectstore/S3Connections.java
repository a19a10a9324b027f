package dev.graft.objectstore;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/// Opens the connections of a store, as its settings say.
final class S3Connections {
    private S3Connections() {}

    /// Makes a client that keeps its connections open between requests.
    ///
    /// @param threads on which it works; the caller's
    static OkHttpClient open(ObjectStoreSettings settings, ExecutorService threads) {
        Dispatcher dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(settings.maxConnections());
        dispatcher.setMaxRequestsPerHost(settings.maxConnections());
        S3Deadlines deadlines = new S3Deadlines(settings.silenceTimeout());
        return new OkHttpClient.Builder()
                .addInterceptor(deadlines)
                .eventListener(deadlines)
                .socketFactory(new NoDelaySocketFactory())
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.maxConnections(), 30, TimeUnit.SECONDS))
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.silenceTimeout())
                .writeTimeout(settings.silenceTimeout())
                .build();
    }
}
