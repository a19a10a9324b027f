package dev.graft.problem.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the headers of a request that say how its body is to be read.
final class RequestHeaders {
    private static final int MAX_ADDRESS_LENGTH = 8_192;
    private static final int MAX_CONTENT_TYPE_LENGTH = 255;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /// A media type as RFC 9110 writes it.
    private static final Pattern CONTENT_TYPE =
            Pattern.compile("%1$s/%1$s(\\s*;\\s*(%1$s=(%1$s|\"[^\"\\\\]*\"))?)*\\s*".formatted(TOKEN));

    private static final Pattern BOUNDARY = Pattern.compile("(?i).*;\\s*boundary=(\"[^\"]{1,70}\"|[^\\s;\"]{1,70}).*");

    private static final Set<HttpMethod> METHODS_WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private RequestHeaders() {}

    /// Writes headers the way that everything behind understands: media types in lower case, and `*`, as some clients
    /// say that they take anything, as the wildcard.
    static void normalise(MultiMap headers) {
        String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            int end = contentType.indexOf(';');
            String type = end < 0 ? contentType : contentType.substring(0, end);
            String lower = type.toLowerCase(Locale.ROOT);
            if (!lower.equals(type)) {
                headers.set(HttpHeaders.CONTENT_TYPE, lower + contentType.substring(type.length()));
            }
        }
        String accept = headers.get(HttpHeaders.ACCEPT);
        if (accept != null && (accept.isBlank() || accept.matches("(.*,)?\\s*\\*\\s*([;,].*)?"))) {
            headers.set(
                    HttpHeaders.ACCEPT, accept.isBlank() ? "*/*" : accept.replaceAll("(?<![/*])\\*(?![/*])", "*/*"));
        }
    }

    /// Finds what is wrong with the address or the headers.
    static Optional<Problem> problem(HttpServerRequest request) {
        if (request.uri().length() > MAX_ADDRESS_LENGTH) {
            return Optional.of(Problem.of(
                    ProblemType.ADDRESS_TOO_LONG,
                    "An address may have at most %,d characters.".formatted(MAX_ADDRESS_LENGTH)));
        }
        if (request.uri().contains("%00")) {
            return Optional.of(Problem.of(
                    ProblemType.INVALID_REQUEST, "The address holds a NUL character, which is never right."));
        }
        return repetition(request.query())
                .or(() -> encodingProblem(request.getHeader(HttpHeaders.CONTENT_ENCODING)))
                .or(() -> contentTypeProblem(request.headers().getAll(HttpHeaders.CONTENT_TYPE)));
    }

    /// No operation takes a parameter twice: of two, one would be passed over.
    private static Optional<Problem> repetition(@Nullable String query) {
        Set<String> names = new HashSet<>();
        return Stream.ofNullable(query)
                .flatMap(written -> Arrays.stream(written.split("&")))
                .map(RequestHeaders::name)
                .filter(name -> !name.isEmpty() && !names.add(name))
                .findFirst()
                .map(name -> Problem.of(
                        ProblemType.INVALID_REQUEST, "The address gives a parameter twice. Give it once.", name));
    }

    /// Gives the name of a parameter; as it is written where that is no encoding, which the framework refuses.
    private static String name(String parameter) {
        int end = parameter.indexOf('=');
        String name = end < 0 ? parameter : parameter.substring(0, end);
        try {
            return URLDecoder.decode(name, UTF_8);
        } catch (IllegalArgumentException malformed) {
            return name;
        }
    }

    private static Optional<Problem> encodingProblem(String encoding) {
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "A body is taken as it is, without a Content-Encoding. Send it uncompressed.",
                "Content-Encoding"));
    }

    private static Optional<Problem> contentTypeProblem(List<String> contentTypes) {
        if (contentTypes.isEmpty()) {
            return Optional.empty();
        }
        String contentType = contentTypes.getFirst().strip();
        if (contentTypes.size() > 1
                || contentType.length() > MAX_CONTENT_TYPE_LENGTH
                || contentType.startsWith("*/")
                || contentType.matches("[^;]*/\\*\\s*(;.*)?")
                || !CONTENT_TYPE.matcher(contentType).matches()) {
            return Optional.of(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be one media type of at most %d characters, such as image/png."
                            .formatted(MAX_CONTENT_TYPE_LENGTH),
                    "Content-Type"));
        }
        if (contentType.startsWith("multipart/form-data")
                && !BOUNDARY.matcher(contentType).matches()) {
            return Optional.of(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "A form's Content-Type must say its boundary, which has 1 to 70 characters.",
                    "Content-Type"));
        }
        return Optional.empty();
    }

    /// Returns whether a body comes with the request.
    static boolean hasBody(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                ? !METHODS_WITHOUT_BODY.contains(request.method())
                : request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || declaredSizeBytes(request) > 0;
    }

    /// Gives the size of the body as the client says; 0 when it does not.
    static long declaredSizeBytes(HttpServerRequest request) {
        String size = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return size == null ? 0 : Long.parseLong(size);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
