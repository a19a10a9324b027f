package dev.graft.cli.folder;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Chooses pictures of a folder that training does not look at: of its test part, or else of its val part.
///
/// @param label the true one
/// @param file  the picture
public record Unseen(String label, Path file) {
    private static final List<Set<String>> PARTS = List.of(Set.of("test"), Set.of("val", "validation"));

    /// Chooses the middle picture of each class; nothing when the folder has no such part.
    ///
    /// @param max how many at most
    public static List<Unseen> ofEachClass(FolderSource folder, int max) {
        return PARTS.stream()
                .map(names -> middles(folder, names))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .map(found -> found.subList(0, Math.min(max, found.size())))
                .orElse(List.of());
    }

    private static List<Unseen> middles(FolderSource folder, Set<String> partNames) {
        return folder.entries().stream()
                .flatMap(entry -> unseen(entry, partNames).stream())
                .collect(Collectors.groupingBy(Unseen::label, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(ofClass -> ofClass.get(ofClass.size() / 2))
                .toList();
    }

    private static Optional<Unseen> unseen(FolderSource.Entry entry, Set<String> partNames) {
        String[] steps = entry.path().split("/", -1);
        int last = steps.length - 1;
        return last >= 2 && partNames.contains(steps[last - 2])
                ? Optional.of(new Unseen(steps[last - 1], entry.file()))
                : Optional.empty();
    }
}
