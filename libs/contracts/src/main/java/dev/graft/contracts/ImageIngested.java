package dev.graft.contracts;

/// A picture was seen for the first time, checked and stored.
///
/// @param imageId      SHA-256 of the original bytes, 64 lower-case hex digits
/// @param sizeBytes    of the original file
/// @param mediaType    for example `image/jpeg`, by content
/// @param widthPixels  after EXIF orientation
/// @param heightPixels after EXIF orientation
public record ImageIngested(String imageId, long sizeBytes, String mediaType, int widthPixels, int heightPixels)
        implements Event {

    public ImageIngested {
        ImageIds.check(imageId);
    }

    @Override
    public String partitionKey() {
        return imageId;
    }
}
