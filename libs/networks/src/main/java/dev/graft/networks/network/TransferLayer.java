package dev.graft.networks.network;

/// Selects the result of a network that serves as the features of an image.
///
/// Written `NAME` or `NAME:pooled`, where NAME is a stage, a step or a module, of which the last step is meant
/// (see [Network#select]). A map and tokens are flattened, row-major, or with `:pooled` reduced to one number a
/// channel: averaged over their positions, or, where the tokens have a class token, that token alone, as
/// transformers with one pool.
///
/// @param name name of a stage, a step or a module
/// @param pooled whether one number a channel is wanted
public record TransferLayer(String name, boolean pooled) {
    private static final String POOLED = ":pooled";

    /// Checks that the name is not empty and holds no colon.
    public TransferLayer {
        if (name.isBlank() || name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not a layer: write NAME or NAME:pooled");
        }
    }

    /// Reads the written form.
    ///
    /// @throws IllegalArgumentException when the text is not of the form `NAME` or `NAME:pooled`
    public static TransferLayer parse(String text) {
        return text.endsWith(POOLED)
                ? new TransferLayer(text.substring(0, text.length() - POOLED.length()), true)
                : new TransferLayer(text, false);
    }

    /// Returns the written form.
    @Override
    public String toString() {
        return pooled ? name + POOLED : name;
    }
}
