package dev.graft.ingest.archive;

import dev.graft.contracts.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads labels and parts from paths: `LABEL/file` or `train|val|validation|test/LABEL/file`, below at most one folder
/// that all files share.
///
/// How deep a file lies says which of the two it is, so a class may well be called `train`.
public final class Layout {
    private static final Map<String, Split> SPLITS = Map.of(
            "train", Split.TRAIN,
            "val", Split.VALIDATION,
            "validation", Split.VALIDATION,
            "test", Split.TEST);
    private static final String ADVICE = "Put it at LABEL/%s or at train|val|test/LABEL/%s.";

    private final @Nullable String root;

    private Layout(@Nullable String root) {
        this.root = root;
    }

    /// Says what the place of a file means.
    public Placement place(String path) {
        EntryPath entry = EntryPath.parse(path);
        if (entry.unsafe()) {
            return new Placement.Unsafe("Its path is absolute or points upwards.");
        }
        List<String> folders = belowRoot(entry.folders());
        String advice = ADVICE.formatted(entry.fileName(), entry.fileName());
        return switch (folders.size()) {
            case 0 -> new Placement.Misplaced("It lies in no folder that names its class. " + advice);
            case 1 -> new Placement.Labelled(folders.getFirst(), null);
            case 2 ->
                split(folders.getFirst())
                        .<Placement>map(split -> new Placement.Labelled(folders.getLast(), split))
                        .orElseGet(() -> new Placement.Misplaced("It lies too deep. " + advice));
            default -> new Placement.Misplaced("It lies too deep. " + advice);
        };
    }

    private List<String> belowRoot(List<String> folders) {
        boolean wrapped =
                root != null && !folders.isEmpty() && folders.getFirst().equals(root);
        return wrapped ? folders.subList(1, folders.size()) : folders;
    }

    private static Optional<Split> split(String folder) {
        return Optional.ofNullable(SPLITS.get(folder.toLowerCase(Locale.ROOT)));
    }

    /// Looks at the paths of an archive, one after the other, to learn its layout without keeping them.
    static final class Survey {
        private @Nullable String first;
        private boolean shared = true;
        private boolean nested;

        void see(String path) {
            EntryPath entry = EntryPath.parse(path);
            if (entry.unsafe() || entry.folders().isEmpty()) {
                return;
            }
            String outermost = entry.folders().getFirst();
            if (first == null) {
                first = outermost;
            }
            shared &= outermost.equals(first);
            nested |= entry.folders().size() > 1;
        }

        /// A folder above all files is a wrapping unless it is the class itself, or the name of a part.
        Layout layout() {
            boolean wrapped = first != null && shared && nested && split(first).isEmpty();
            return new Layout(wrapped ? first : null);
        }
    }
}
