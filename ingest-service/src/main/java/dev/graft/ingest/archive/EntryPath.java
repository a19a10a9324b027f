package dev.graft.ingest.archive;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A path as an archive names it, taken apart.
///
/// @param folders  from the outermost in
/// @param fileName the last part
/// @param unsafe   whether it is absolute or points upwards
record EntryPath(List<String> folders, String fileName, boolean unsafe) {
    private static final Set<String> LITTER = Set.of("__macosx", "thumbs.db", "desktop.ini");

    EntryPath {
        folders = List.copyOf(folders);
    }

    /// Takes a path apart. Both slashes separate, empty parts and `.` mean nothing, and letters are composed (NFC), so
    /// that archives of one folder made on different systems give the same labels.
    static EntryPath parse(String path) {
        String slashed = Normalizer.normalize(path.replace('\\', '/'), Normalizer.Form.NFC);
        boolean unsafe = slashed.startsWith("/") || slashed.matches("^[A-Za-z]:/.*");
        List<String> parts = new ArrayList<>();
        for (String part : slashed.split("/")) {
            unsafe |= part.equals("..");
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            return new EntryPath(List.of(), "", unsafe);
        }
        return new EntryPath(parts.subList(0, parts.size() - 1), parts.getLast(), unsafe);
    }

    /// Tells whether the file is litter of an operating system, or hidden; nobody meant to import it.
    boolean isIgnored() {
        return fileName.isEmpty() || isLitter(fileName) || folders.stream().anyMatch(EntryPath::isLitter);
    }

    private static boolean isLitter(String part) {
        return (part.startsWith(".") && !part.equals("..")) || LITTER.contains(part.toLowerCase(Locale.ROOT));
    }
}
