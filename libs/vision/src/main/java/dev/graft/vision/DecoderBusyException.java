package dev.graft.vision;

import java.time.Duration;

/// Says that other pictures used the memory for decoding all the while. Nothing is wrong with the file: the same call
/// may succeed later.
public final class DecoderBusyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DecoderBusyException(Duration patience) {
        super("The memory for decoding pictures did not become free within %d ms.".formatted(patience.toMillis()));
    }
}
