package dev.graft.cli.dataset;

import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.ImportView.Reason;
import dev.graft.cli.rest.ImportView.RejectedFile;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// What an import did not take, why, and what a user can do about it.
///
/// Texts and tables that come with a dataset, beside the images or among them, are rejected like everything
/// else that is no image, but nobody loses anything by that.
///
/// @param files   how many files were rejected that may have been meant as images
/// @param reasons of all rejected files, the commonest first
record ImportLosses(long files, List<Reason> reasons) {
    private static final Set<String> IMAGE_ENDINGS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "webp", "tif", "tiff");

    static ImportLosses of(ImportView view) {
        List<RejectedFile> rejected = Objects.requireNonNullElse(view.rejected(), List.of());
        long beside = rejected.stream().filter(ImportLosses::isBeside).count();
        return new ImportLosses(view.rejectedTotal() - beside, Objects.requireNonNullElse(view.reasons(), List.of()));
    }

    private static boolean isBeside(RejectedFile rejected) {
        String file = rejected.file();
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean unfit =
                rejected.type().endsWith("/label-missing") || rejected.type().endsWith("/image-format-unsupported");
        return unfit && file.contains(".") && !IMAGE_ENDINGS.contains(ending);
    }

    /// Names the reasons with their counts, in one line.
    String words() {
        return reasons.stream()
                .map(reason -> "%,d %s".formatted(reason.files(), reason.kind()))
                .collect(Collectors.joining(", "));
    }

    /// Says what helps against the commonest reason.
    String remedy() {
        return reasons.isEmpty() ? LAYOUT : remedy(reasons.getFirst());
    }

    private static final String LAYOUT =
            "Put pictures into folders named after their classes: LABEL/file, or train/LABEL/file and test/LABEL/file.";

    private static String remedy(Reason reason) {
        return switch (reason.kind()) {
            case "image-absent" ->
                "Fetch what the files stand for (git annex get, git lfs pull, dvc pull), or put the pictures in their place, and import again.";
            case "label-missing" -> {
                int advice = reason.detail().indexOf("import the folder ");
                yield advice < 0 ? LAYOUT : "I" + reason.detail().substring(advice + 1);
            }
            case "label-unreadable" ->
                "Unpack the archive where it was made and import the folder, or make it with names in UTF-8 (7-Zip: -mcu=on).";
            case "label-conflict" -> "Decide which label is right, remove the other copy, and import again.";
            case "archive-unreadable" ->
                "Make the archive again: a zip with the method Deflate and no password, or a tar.gz.";
            case "archive-unsafe" -> "Make the archive again, with paths that begin at the folder of the pictures.";
            case "image-too-large", "image-too-many-pixels", "image-too-much-memory" ->
                "Make these pictures smaller, and import them again.";
            case "image-format-unsupported", "image-variant-unsupported" ->
                "Save these files as JPEG, PNG, GIF, BMP, WebP or TIFF, and import them again.";
            default -> "Get these files again, or export them as JPEG or PNG, and import them again.";
        };
    }
}
