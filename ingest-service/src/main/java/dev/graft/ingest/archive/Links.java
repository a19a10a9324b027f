package dev.graft.ingest.archive;

/// Says of links what they are and what to do about them; they are never followed.
final class Links {
    private static final int MAX_SHOWN = 200;
    private static final String ANNEX = ".git/annex/objects/";
    private static final String DVC_CACHE = ".dvc/cache/";

    private Links() {}

    static ArchivedFile symbolic(String target) {
        String shown = shown(target);
        if (target.replace('\\', '/').contains(ANNEX)) {
            return new ArchivedFile.Absent(
                    "It is a link of git-annex to %s, not the picture. Fetch the pictures with git annex get, and replace the links with git annex unlock."
                            .formatted(shown));
        }
        if (target.replace('\\', '/').contains(DVC_CACHE)) {
            return new ArchivedFile.Absent(
                    "It is a link of DVC to %s, not the picture. Fetch the pictures with dvc pull, and replace the links with dvc unprotect."
                            .formatted(shown));
        }
        return new ArchivedFile.Absent(
                "It is a symbolic link to %s, not the picture. Put the picture itself in its place.".formatted(shown));
    }

    static ArchivedFile hard(String target) {
        return new ArchivedFile.Absent(
                "It is a hard link to %s, whose bytes the archive holds once only. Put the picture itself in its place (tar --hard-dereference)."
                        .formatted(shown(target)));
    }

    private static String shown(String target) {
        String printable = target.replaceAll("\\p{Cntrl}", "\uFFFD");
        return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
    }
}
