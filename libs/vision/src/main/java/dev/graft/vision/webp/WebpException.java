package dev.graft.vision.webp;

/// Says why a WebP picture cannot be decoded whole. [#what()] completes the sentence "The file is damaged: …".
public final class WebpException extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;

    WebpException(String what) {
        super(what);
        this.what = what;
    }

    /// Returns the message, which is never null.
    public String what() {
        return what;
    }
}
