package dev.graft.trainer.model;

import dev.graft.contracts.ModelCard;
import java.util.List;

/// Names the files of a bundle besides `model.json`.
public final class BundleFiles {
    /// The head: its layers on raw features.
    public static final String HEAD = "head.safetensors";
    /// The report, for people.
    public static final String REPORT = "report.html";

    static final List<String> NAMES = List.of(HEAD, ModelCard.NETWORK, REPORT);

    private BundleFiles() {}

    static String mediaType(String file) {
        int dot = file.lastIndexOf('.');
        return switch (file.substring(dot + 1)) {
            case "json" -> "application/json";
            case "html" -> "text/html;charset=utf-8";
            default -> "application/octet-stream";
        };
    }
}
