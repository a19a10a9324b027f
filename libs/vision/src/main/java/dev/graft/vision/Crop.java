package dev.graft.vision;

/// Chooses which part of a picture is looked at, once its size is known.
@FunctionalInterface
public interface Crop {
    /// Chooses a part that is not empty and lies within the picture.
    ///
    /// @param widthPixels of the picture as it is meant to be seen
    /// @param heightPixels likewise
    Region of(int widthPixels, int heightPixels);
}
