package dev.graft.cli.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses pictures of a folder that training does not look at: of its test part, or else of its val part.
///
/// @param label the true one
/// @param file  the picture
public record Unseen(String label, Path file) {
    private static final List<Set<String>> PARTS = List.of(Set.of("test"), Set.of("val", "validation"));

    /// Chooses the first picture of each class; nothing when the folder has no such part.
    ///
    /// @param max how many at most
    public static List<Unseen> ofEachClass(FolderSource folder, int max) {
        return PARTS.stream()
                .map(names -> firsts(folder, names))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .map(found -> found.subList(0, Math.min(max, found.size())))
                .orElse(List.of());
    }

    private static List<Unseen> firsts(FolderSource folder, Set<String> partNames) {
        Map<String, Unseen> firsts = new LinkedHashMap<>();
        for (FolderSource.Entry entry : folder.entries()) {
            unseen(entry, partNames).ifPresent(found -> firsts.putIfAbsent(found.label(), found));
        }
        return new ArrayList<>(firsts.values());
    }

    private static Optional<Unseen> unseen(FolderSource.Entry entry, Set<String> partNames) {
        String[] steps = entry.path().split("/", -1);
        int last = steps.length - 1;
        return last >= 2 && partNames.contains(steps[last - 2])
                ? Optional.of(new Unseen(steps[last - 1], entry.file()))
                : Optional.empty();
    }
}
