package dev.graft.objectstore;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Gives every call of a store its deadlines: how long the server may be silent, and how long a call that sends
/// something may take in all. Both grow with the bytes that are sent, since a server may store them before it answers.
///
/// A download has no deadline for all of it, since its reader may be slow; a silent server ends it.
final class S3Deadlines extends EventListener implements Interceptor {
    /// What the slowest store takes in.
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

    /// What a store that answers late, after it put everything onto its disk, does at least.
    private static final long STORED_BYTES_PER_SECOND = 20 << 20;

    /// A server may copy the parts of a large object into one before it answers.
    private static final Duration COMPLETION = Duration.ofSeconds(60);

    private final Duration silence;

    /// @param silence how long a server may take for a small answer
    S3Deadlines(Duration silence) {
        this.silence = silence;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        int millis = Math.toIntExact(silenceOf(chain.request()).toMillis());
        return chain.withReadTimeout(millis, TimeUnit.MILLISECONDS).proceed(chain.request());
    }

    @Override
    public void callStart(Call call) {
        Request request = call.request();
        if (request.method().equals("GET")) {
            return;
        }
        Duration all = silenceOf(request).plusMillis(1_000 + sizeBytes(request) * 1_000 / SLOWEST_BYTES_PER_SECOND);
        call.timeout().timeout(all.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration silenceOf(Request request) {
        boolean completes = request.method().equals("POST") && request.url().queryParameter("uploadId") != null;
        return completes ? COMPLETION : silence.plusMillis(sizeBytes(request) * 1_000 / STORED_BYTES_PER_SECOND);
    }

    private static long sizeBytes(Request request) {
        RequestBody body = request.body();
        try {
            return body == null ? 0 : Math.max(0, body.contentLength());
        } catch (IOException unknown) {
            return 0;
        }
    }
}
