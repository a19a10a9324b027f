package dev.graft.events.delivery;

import dev.graft.contracts.PoisonEventException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// Sorts what can go wrong while an event is handled. Only what the network or the broker says means by itself
/// that something is away: a full disk is an [java.io.IOException], too, and work that always takes too long
/// ends with a timeout each time.
final class Faults {
    private static final int MAX_REASON_LENGTH = 1_000;
    private static final int MAX_CAUSES = 20;

    private Faults() {}

    /// The kinds of faults.
    enum Kind {
        /// The record can never be read.
        POISON,
        /// A backend is away: a retry succeeds when it is back.
        AWAY,
        /// There is no room for the event now: a retry succeeds when there is.
        NO_ROOM,
        /// Nobody foresaw it: a few attempts, then the event is parked.
        UNEXPECTED
    }

    /// Gives the kind of a fault, by the first of its causes that is known.
    static Kind kind(Throwable fault) {
        Throwable cause = fault;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = next(cause)) {
            switch (cause) {
                case PoisonEventException _ -> {
                    return Kind.POISON;
                }
                case NoRoomException _ -> {
                    return Kind.NO_ROOM;
                }
                case RecordTooLargeException _, SerializationException _ -> {
                    return Kind.UNEXPECTED;
                }
                case BackendAwayException _,
                        KafkaException _,
                        SocketException _,
                        SocketTimeoutException _,
                        UnknownHostException _,
                        HttpTimeoutException _,
                        ClosedChannelException _ -> {
                    return Kind.AWAY;
                }
                default -> {
                    // The next cause may be a known one.
                }
            }
        }
        return Kind.UNEXPECTED;
    }

    /// Says in one line what is wrong, for the dead letter.
    static String reason(Throwable fault) {
        Throwable cause = fault;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = next(cause)) {
            if (cause instanceof PoisonEventException poison) {
                return String.valueOf(poison.getMessage());
            }
        }
        String reason = fault.getClass().getName() + ": " + fault.getMessage();
        return reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH) + " …";
    }

    private static @Nullable Throwable next(Throwable cause) {
        Throwable next = cause.getCause();
        return next == cause ? null : next;
    }
}
