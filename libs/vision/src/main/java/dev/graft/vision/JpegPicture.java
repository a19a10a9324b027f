package dev.graft.vision;

import dev.graft.vision.jpeg.JpegDecoder;
import dev.graft.vision.jpeg.JpegException;

/// Reads a JPEG file.
record JpegPicture(byte[] file, int width, int height, Orientation orientation) implements StoredPicture {

    static JpegPicture open(byte[] file) throws UndecodablePictureException {
        try {
            JpegDecoder.Size size = JpegDecoder.size(file);
            return new JpegPicture(file, size.width(), size.height(), Exif.orientation(file, PictureFormat.JPEG));
        } catch (JpegException e) {
            throw translated(e);
        }
    }

    @Override
    public Patch decode(Region region) throws UndecodablePictureException {
        try {
            byte[] rgb = JpegDecoder.decode(file, region.left(), region.top(), region.width(), region.height());
            return new Patch(region.left(), region.top(), new Pixels(region.width(), region.height(), rgb));
        } catch (JpegException e) {
            throw translated(e);
        }
    }

    private static UndecodablePictureException translated(JpegException e) {
        return switch (e.kind()) {
            case TRUNCATED -> UndecodablePictureException.truncated(e.what());
            case CORRUPT -> UndecodablePictureException.corrupt(e.what());
            case UNSUPPORTED -> UndecodablePictureException.unsupported(e.what());
        };
    }
}
