package dev.graft.ingest.archive;

import dev.graft.contracts.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads labels and splits from paths: `LABEL/file` or `SPLIT/LABEL/file`, below the folder that holds them
/// all.
///
/// How deep a file lies says which of the two it is, so a class may well be called `train`.
public final class Layout {
    private static final Map<String, Split> SPLITS = Map.of(
            "train", Split.TRAIN,
            "training", Split.TRAIN,
            "val", Split.VALIDATION,
            "valid", Split.VALIDATION,
            "validation", Split.VALIDATION,
            "test", Split.TEST,
            "testing", Split.TEST);
    private static final String ADVICE = "Put it at LABEL/%s or at train|val|test/LABEL/%s.";
    private static final String NOT_UTF_8 =
            "The name of its folder is not written in UTF-8, and the archive does not say in what else, so that its class is not known. Make the archive with names in UTF-8 (7-Zip: -mcu=on), or unpack it where it was made and import the folder.";

    private final List<String> root;
    private final String elsewhere;
    private final boolean legacyNames;

    /// @param root        the folder below which labels and splits lie
    /// @param elsewhere   the folder that holds most images when it is not `root`; empty otherwise
    /// @param legacyNames whether names of undeclared encoding may be wrong although they look like UTF-8
    Layout(List<String> root, String elsewhere, boolean legacyNames) {
        this.root = List.copyOf(root);
        this.elsewhere = elsewhere;
        this.legacyNames = legacyNames;
    }

    /// Says what the place of a file means.
    public Placement place(EntryName name) {
        EntryPath entry = EntryPath.parse(name.text());
        if (entry.unsafe()) {
            return new Placement.Unsafe("Its path is absolute or points upwards.");
        }
        List<String> folders = entry.folders();
        if (folders.size() < root.size() || !folders.subList(0, root.size()).equals(root)) {
            return misplaced(
                    "It lies outside the folder %s, which holds the others.".formatted(String.join("/", root)), entry);
        }
        List<String> below = folders.subList(root.size(), folders.size());
        return switch (below.size()) {
            case 0 -> misplaced("It lies in no folder that names its class.", entry);
            case 1 -> labelled(name, below.getFirst(), Optional.empty());
            case 2 ->
                split(below.getFirst())
                        .map(split -> labelled(name, below.getLast(), Optional.of(split)))
                        .orElseGet(() -> misplaced("It lies too deep.", entry));
            default -> misplaced("It lies too deep.", entry);
        };
    }

    private Placement labelled(EntryName name, String label, Optional<Split> split) {
        boolean doubtful = legacyNames && !name.declared() && !EntryName.isAscii(label);
        return doubtful || label.indexOf(EntryName.UNDECODABLE) >= 0
                ? new Placement.Unnamed(NOT_UTF_8)
                : new Placement.Labelled(label, split.orElse(null));
    }

    private Placement misplaced(String problem, EntryPath entry) {
        String advice = elsewhere.isEmpty()
                ? ADVICE.formatted(entry.fileName(), entry.fileName())
                : "Most pictures lie in %s/LABEL: import the folder %s.".formatted(elsewhere, elsewhere);
        return new Placement.Misplaced(problem + " " + advice);
    }

    static Optional<Split> split(String folder) {
        return Optional.ofNullable(SPLITS.get(folder.toLowerCase(Locale.ROOT)));
    }
}
