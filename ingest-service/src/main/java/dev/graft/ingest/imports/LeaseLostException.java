package dev.graft.ingest.imports;

/// Says that the job belongs to another worker by now, or to none: whoever hears it changes nothing more.
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LeaseLostException() {
        super("the import's lease was lost");
    }
}
