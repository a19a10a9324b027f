package dev.graft.cli.session;

import dev.graft.stack.ActionableException;

/// Says at the end that some of the files which a user named are no images; each was named before.
public final class RefusedFiles {
    private static final String REMEDY = "Name pictures: JPEG, PNG, GIF, BMP, WebP or TIFF.";

    private RefusedFiles() {}

    /// @param done what was done with the others, a participle
    /// @throws PartialLossException when some were refused
    /// @throws ActionableException  when all were
    public static void check(int refused, int all, String done) {
        if (refused == 0) {
            return;
        }
        String problem = "%d of %d files could not be %s.".formatted(refused, all, done);
        throw refused < all ? new PartialLossException(problem, REMEDY) : new ActionableException(problem, REMEDY);
    }
}
