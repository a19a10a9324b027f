package dev.graft.stack;

import java.util.Locale;

/// The services of a stack, with the memory that each may take.
///
/// The heaps are ceilings, rarely reached: an image of the 100 megapixels that are allowed takes up to 980 MB
/// while it is decoded, six tenths of the smallest heap here, and every service decodes images. The trainer's
/// heap holds embeddings besides, and bounds the heads that it accepts. Direct memory is for connections. What
/// forward passes need lies outside this bound, which so need not grow with processors, networks or images.
public enum Service {
    INGEST(1, 1792, 96),
    FEATURE(2, 1792, 128),
    TRAINER(3, 2048, 128),
    PREDICT(4, 1792, 128);

    private final int portOffset;
    private final int heapMebibytes;
    private final int directMebibytes;

    Service(int portOffset, int heapMebibytes, int directMebibytes) {
        this.portOffset = portOffset;
        this.heapMebibytes = heapMebibytes;
        this.directMebibytes = directMebibytes;
    }

    /// Gives the short name that users see.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Gives the name of the module that holds it.
    String module() {
        return label() + "-service";
    }

    int portOffset() {
        return portOffset;
    }

    int heapMebibytes() {
        return heapMebibytes;
    }

    int directMebibytes() {
        return directMebibytes;
    }

    /// Returns whether it is there to answer in milliseconds, and not for what takes seconds.
    boolean answersAtOnce() {
        return this == PREDICT;
    }
}
