package dev.graft.cli.rest;

import org.jspecify.annotations.Nullable;

/// A service's description of what is wrong (RFC 9457).
///
/// @param type   the kind, a URI
/// @param title  the kind's summary
/// @param detail what is wrong with this request
public record ProblemView(
        @Nullable String type,
        @Nullable String title,
        @Nullable String detail) {

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
        return switch (kind()) {
            case "dataset-not-found" -> "Import it first: ./graft import NAME PATH.";
            case "dataset-version-not-found" -> "Leave the version out to use the newest.";
            case "archive-without-pictures" ->
                "Put pictures into it as LABEL/file, or as train/LABEL/file and test/LABEL/file.";
            case "archive-unreadable" -> "Make or download the archive again: a zip, a tar or a tar.gz.";
            case "archive-unsafe" -> "Split the archive, or import the folder itself.";
            case "dataset-empty" -> "Import pictures of two classes or more: ./graft import NAME PATH.";
            case "dataset-not-trainable" ->
                "Import what is missing (./graft import NAME PATH), or choose other settings.";
            case "model-not-found" -> "Train it first: ./graft train DATASET; ./graft models lists what there is.";
            case "model-version-not-found" -> "./graft models lists the versions.";
            case "training-run-not-found", "report-not-found" -> "./graft runs lists the runs.";
            case "backbone-not-found" -> "./graft backbones lists them.";
            case "weights-absent" ->
                "./graft weights pull NAME fetches them, ./graft weights import NAME FILE takes a file.";
            case "weights-invalid" ->
                "Import a safetensors file of this architecture, with timm's tensor names; the classifier may be left"
                        + " out.";
            case "dead-letter-not-replayable" -> "./graft dead-letters show ID says where the original lies.";
            case "insufficient-storage" -> "Make room on the disk of the data directory and try again.";
            case "backend-unavailable" -> "./graft status says what is away; try again when it is back.";
            case "too-busy" -> "Try again in a moment, or with less at once.";
            case "internal-error" -> "The service's log in the data directory says more.";
            case "content-too-large" -> "The service's settings hold the bound; the README lists them.";
            default -> "./graft help COMMAND says what can be asked for.";
        };
    }
}
