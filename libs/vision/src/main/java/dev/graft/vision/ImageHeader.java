package dev.graft.vision;

/// Says what a file claims to be, read without decoding any pixel.
///
/// @param format the format found in the content
/// @param widthPixels width of the picture as it is meant to be seen, that is, after its orientation is applied
/// @param heightPixels height of the picture as it is meant to be seen
public record ImageHeader(ImageFormat format, int widthPixels, int heightPixels) {}
