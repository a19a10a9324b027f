package dev.graft.cli.rest;

import java.util.HashMap;
import java.util.Map;

/// What a user can do about each kind of problem.
final class Remedies {
    private static final String UNKNOWN = "./graft help COMMAND says what can be asked for.";
    private static final String LAYOUT =
            "Put pictures into folders named after their classes: LABEL/file, or train/LABEL/file and test/LABEL/file.";
    private static final Map<String, String> BY_KIND = new HashMap<>();

    static {
        against(UNKNOWN, "invalid-request", "setting-unsupported");
        against(
                "Another program or an older release may listen there: ./graft down, then ./graft up.",
                "not-found",
                "method-not-allowed",
                "not-acceptable",
                "unsupported-media-type");
        against("Try again; close what keeps this machine or its disk busy, if it goes on.", "body-too-slow");
        against("Choose another name, or other settings.", "conflict");
        against("The service's settings hold the bound; the README lists them.", "content-too-large");
        against("Choose shorter names.", "address-too-long");
        against("Run the command again: it then has a key of its own.", "idempotency-key-reused");
        against("The service's log in the data directory says more.", "internal-error");
        against("Make room on the disk of the data directory and try again.", "insufficient-storage");
        against(
                "./graft status says what is away; try again when it is back.",
                "backend-unavailable",
                "weights-unavailable");
        against("Try again in a moment, or with less at once.", "too-busy");
        against("./graft dead-letters list lists what there is.", "dead-letter-not-found");
        against("./graft dead-letters show ID says where the original lies.", "dead-letter-not-replayable");

        against(
                "Run the command again: what was deleted meanwhile is then left out.",
                "image-not-found",
                "import-not-found",
                "reject-not-found",
                "embedding-not-found",
                "embedding-job-not-found");
        against("Fetch what the file stands for: git annex get, git lfs pull or dvc pull.", "image-absent");
        against(
                "Get the file again, or export the picture as JPEG or PNG.",
                "image-empty",
                "image-truncated",
                "image-corrupt",
                "image-uncheckable",
                "embedding-failed");
        against(
                "Save it as JPEG, PNG, GIF, BMP, WebP or TIFF.",
                "image-format-unsupported",
                "image-variant-unsupported");
        against("Make the picture smaller.", "image-too-large", "image-too-many-pixels", "image-too-much-memory");

        against("Import it first: ./graft import NAME PATH.", "dataset-not-found");
        against("Leave the version out to use the newest.", "dataset-version-not-found");
        against("Import pictures of two classes or more: ./graft import NAME PATH.", "dataset-empty");
        against(
                "Import what is missing (./graft import NAME PATH), or choose other settings.",
                "dataset-not-trainable");
        against("Decide which label is right, and remove the other copy.", "label-conflict");
        against(LAYOUT, "label-missing");
        against("Unpack the archive where it was made, and import the folder.", "label-unreadable");
        against("Make or download the archive again: a zip, a tar or a tar.gz.", "archive-unreadable");
        against("Split the archive, or import the folder itself.", "archive-unsafe");
        against("Import the pictures again, under another name: ./graft import NAME PATH.", "manifest-not-found");

        against("./graft backbones lists them.", "backbone-not-found");
        against("./graft summary BACKBONE lists the layers.", "layer-not-found");
        against(
                "./graft weights pull NAME fetches them, ./graft weights import NAME FILE takes a file.",
                "weights-absent");
        against(
                "Import a safetensors file of this architecture, with timm's tensor names; the classifier may be left"
                        + " out.",
                "weights-invalid");

        against("./graft runs lists the runs.", "training-run-not-found", "training-run-finished", "report-not-found");
        against(
                "The trainer's log in the data directory says more; ./graft train begins another run.",
                "training-failed");
        against("Train it first: ./graft train DATASET; ./graft models lists what there is.", "model-not-found");
        against("./graft models lists the versions.", "model-version-not-found", "model-file-not-found");
    }

    private Remedies() {}

    private static void against(String remedy, String... kinds) {
        for (String kind : kinds) {
            BY_KIND.put(kind, remedy);
        }
    }

    /// Gives what helps.
    ///
    /// @param kind the last segment of the kind's URI; an unknown one has a remedy, too
    static String of(String kind) {
        return BY_KIND.getOrDefault(kind, UNKNOWN);
    }

    /// Gives the remedies by kind.
    static Map<String, String> byKind() {
        return Map.copyOf(BY_KIND);
    }
}
