package dev.graft.objectstore;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.util.Set;

/// Says what a fault of an S3 call means.
final class S3Faults {

    /// The errors that S3 documents as worth another attempt, beside every status from 500 on.
    private static final Set<String> TRANSIENT_CODES = Set.of(
            "InternalError",
            "OperationAborted",
            "RequestTimeout",
            "ServiceUnavailable",
            "SlowDown",
            "ThrottlingException");

    private S3Faults() {}

    static int status(Exception fault) {
        return switch (fault) {
            case ErrorResponseException answer -> answer.response().code();
            case ServerException answer -> answer.statusCode();
            default -> 0;
        };
    }

    /// Whether the same request may succeed in a moment. A fault without an answer (no connection, broken stream, an
    /// answer that is not S3's) counts as passing.
    static boolean passes(Exception fault) {
        int status = status(fault);
        return status == 0
                || status >= 500
                || status == 408
                || status == 429
                || (fault instanceof ErrorResponseException answer && TRANSIENT_CODES.contains(code(answer)));
    }

    static boolean isNoSuchKey(Exception fault) {
        return fault instanceof ErrorResponseException answer
                && status(fault) == 404
                && !"NoSuchBucket".equals(code(answer));
    }

    static boolean isPreconditionFailed(Exception fault) {
        return status(fault) == 412;
    }

    static boolean isRangeNotSatisfiable(Exception fault) {
        return status(fault) == 416;
    }

    static ObjectStoreException toException(String what, Exception fault) {
        if (passes(fault)) {
            return new ObjectStoreUnavailableException(
                    "The object store failed to " + what + ": " + reason(fault), fault);
        }
        return new ObjectStoreRefusedException("The object store refuses to " + what + ": " + reason(fault), fault);
    }

    private static String reason(Exception fault) {
        return switch (fault) {
            case ErrorResponseException answer -> code(answer) + " (status " + status(fault) + ")";
            case ServerException answer -> "status " + answer.statusCode();
            case MinioException wrapped when wrapped.getCause() instanceof IOException cause -> String.valueOf(cause);
            default -> String.valueOf(fault);
        };
    }

    private static String code(ErrorResponseException answer) {
        return String.valueOf(answer.errorResponse().code());
    }
}
