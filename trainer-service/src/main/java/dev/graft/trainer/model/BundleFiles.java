package dev.graft.trainer.model;

import dev.graft.contracts.ModelCard;
import java.util.List;

/// Names the files of a bundle besides `model.json`.
public final class BundleFiles {
    /// The head: its layers on raw features.
    public static final String HEAD = "head.safetensors";
    /// The weights of a backbone that was fine-tuned, with the names and the layout of the file that it was
    /// before.
    public static final String BACKBONE = ModelCard.BACKBONE;
    /// The report, for people.
    public static final String REPORT = "report.html";

    /// What the head answered to each picture that it was evaluated on: JSON lines with `imageId`, `label`, `predicted`
    /// and `probabilities`, these in the order of the labels of `model.json`; sorted by picture.
    public static final String PREDICTIONS = "predictions.jsonl";

    static final List<String> NAMES = List.of(HEAD, BACKBONE, ModelCard.NETWORK, PREDICTIONS, REPORT);

    private BundleFiles() {}

    static String mediaType(String file) {
        int dot = file.lastIndexOf('.');
        return switch (file.substring(dot + 1)) {
            case "json" -> "application/json";
            case "jsonl" -> "application/x-ndjson";
            case "html" -> "text/html;charset=utf-8";
            default -> "application/octet-stream";
        };
    }
}
