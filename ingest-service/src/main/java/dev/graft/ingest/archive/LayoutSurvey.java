package dev.graft.ingest.archive;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at the paths of an archive, one after the other, to learn its [Layout] without keeping them.
///
/// Datasets come with a folder or two around them, and with texts and tables beside the images. The folder
/// below which nearly all images lie at `LABEL/file` or `SPLIT/LABEL/file` is taken for the dataset. Only files
/// named like images count, unless none is.
final class LayoutSurvey {
    private static final Set<String> ENDINGS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "webp", "tif", "tiff");
    private static final int MAX_ROOTS = 10_000;

    private final Candidates images = new Candidates();
    private final Candidates all = new Candidates();
    private boolean legacyNames;

    void see(EntryName name) {
        legacyNames |= name.legacy();
        EntryPath entry = EntryPath.parse(name.text());
        if (entry.unsafe()) {
            return;
        }
        all.see(entry.folders());
        String file = entry.fileName();
        if (ENDINGS.contains(file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
            images.see(entry.folders());
        }
    }

    Layout layout() {
        return (images.files > 0 ? images : all).layout(legacyNames);
    }

    /// Counts for each folder how many files it would give a label.
    private static final class Candidates {
        private final Map<List<String>, Long> labelledBelow = new HashMap<>();
        private long files;
        private @Nullable String first;
        private boolean shared = true;
        private boolean nested;

        void see(List<String> folders) {
            files++;
            int depth = folders.size();
            if (depth == 0) {
                return;
            }
            count(folders.subList(0, depth - 1));
            if (depth > 1 && Layout.split(folders.get(depth - 2)).isPresent()) {
                count(folders.subList(0, depth - 2));
            }
            if (first == null) {
                first = folders.getFirst();
            }
            shared &= folders.getFirst().equals(first);
            nested |= depth > 1;
        }

        private void count(List<String> root) {
            if (labelledBelow.size() < MAX_ROOTS || labelledBelow.containsKey(root)) {
                labelledBelow.merge(List.copyOf(root), 1L, Long::sum);
            }
        }

        Layout layout(boolean legacyNames) {
            List<String> best = best();
            long labelled = labelledBelow.getOrDefault(best, 0L);
            if (10 * labelled >= 9 * files) {
                return new Layout(best, "", legacyNames);
            }
            List<String> wrapping = wrapping();
            boolean elsewhere = 2 * labelled > files && best.size() > wrapping.size();
            return new Layout(wrapping, elsewhere ? String.join("/", best) : "", legacyNames);
        }

        private List<String> best() {
            return labelledBelow.entrySet().stream()
                    .min(Map.Entry.<List<String>, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(candidate -> candidate.getKey().size())
                            .thenComparing(candidate -> String.join("/", candidate.getKey())))
                    .map(Map.Entry::getKey)
                    .orElse(List.of());
        }

        /// A folder above all files is a wrapping unless it is the class itself, or the name of a split.
        private List<String> wrapping() {
            return first != null && shared && nested && Layout.split(first).isEmpty() ? List.of(first) : List.of();
        }
    }
}
