package dev.graft.ingest.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A path as an archive names it, taken apart.
///
/// @param folders  from the outermost in
/// @param fileName the last part
/// @param unsafe   whether it is absolute or points upwards
record EntryPath(List<String> folders, String fileName, boolean unsafe) {
    private static final Set<String> LITTER = Set.of("__macosx", "thumbs.db", "desktop.ini");

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:/");

    EntryPath {
        folders = List.copyOf(folders);
    }

    /// Takes a path apart. Both slashes separate; empty parts and `.` mean nothing.
    static EntryPath parse(String path) {
        String slashed = path.replace('\\', '/');
        boolean unsafe = slashed.startsWith("/") || DRIVE.matcher(slashed).lookingAt();
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

    /// Says whether the file is litter of an operating system, or hidden; nobody meant to import it.
    boolean isIgnored() {
        return fileName.isEmpty() || isLitter(fileName) || folders.stream().anyMatch(EntryPath::isLitter);
    }

    private static boolean isLitter(String part) {
        return (part.startsWith(".") && !part.equals("..")) || LITTER.contains(part.toLowerCase(Locale.ROOT));
    }
}
