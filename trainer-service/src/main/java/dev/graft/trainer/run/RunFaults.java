package dev.graft.trainer.run;

import dev.graft.messaging.TransactionFailedException;
import dev.graft.objectstore.ObjectStoreRefusedException;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import org.hibernate.HibernateException;
import org.jspecify.annotations.Nullable;

/// Tells faults of backends, which time or an operator mends, from those of the work itself.
final class RunFaults {
    private RunFaults() {}

    static boolean mayPass(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = next(cause)) {
            if (cause instanceof ObjectStoreUnavailableException
                    || cause instanceof ObjectStoreRefusedException
                    || cause instanceof TransactionFailedException
                    || cause instanceof HibernateException
                    || cause instanceof PgException
                    || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable next(Throwable cause) {
        Throwable next = cause.getCause();
        return next == cause ? null : next;
    }
}
