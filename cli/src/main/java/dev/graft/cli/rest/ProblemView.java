package dev.graft.cli.rest;

import org.jspecify.annotations.Nullable;

/// A service's description of what is wrong (RFC 9457).
///
/// @param type   the kind, a URI
/// @param title  the kind's summary
/// @param detail what is wrong with this request
/// @param pointer the field that is at fault, a JSON pointer into the body
public record ProblemView(
        @Nullable String type,
        @Nullable String title,
        @Nullable String detail,
        @Nullable String pointer) {
    /// A problem of which nothing more is known than a sentence.
    public static ProblemView of(String detail) {
        return new ProblemView(null, null, detail, null);
    }

    /// Gives the last segment of the kind's URI.
    String kind() {
        return type == null ? "" : type.substring(type.lastIndexOf('/') + 1);
    }

    /// Returns whether an image is at fault.
    boolean isAboutImage() {
        return kind().startsWith("image-");
    }

    /// Says what is wrong in a sentence.
    public String sentence() {
        String words = detail != null ? detail : title != null ? title : "the service gave no reason";
        return words.endsWith(".") ? words : words + ".";
    }

    /// Says what a user can do about it.
    String remedy() {
        return Remedies.of(kind());
    }
}
