package dev.graft.vision;

import dev.graft.vision.jpeg.JpegDecoder;
import dev.graft.vision.jpeg.JpegException;

/// Reads a JPEG file.
record JpegPicture(byte[] file, JpegDecoder header, Orientation orientation) implements StoredPicture {

    static JpegPicture open(byte[] file) throws UndecodablePictureException {
        try {
            return new JpegPicture(file, JpegDecoder.open(file), Exif.orientation(file, PictureFormat.JPEG));
        } catch (JpegException e) {
            throw translated(e);
        }
    }

    @Override
    public int width() {
        return header.width();
    }

    @Override
    public int height() {
        return header.height();
    }

    @Override
    public long workingBytes(Region region) {
        return header.workingBytes(region.left(), region.top(), region.width(), region.height());
    }

    @Override
    public Patch decode(Region region) throws UndecodablePictureException {
        try {
            byte[] rgb = JpegDecoder.open(file).decode(region.left(), region.top(), region.width(), region.height());
            return new Patch(region.left(), region.top(), new Pixels(region.width(), region.height(), rgb));
        } catch (JpegException e) {
            throw translated(e);
        }
    }

    static UndecodablePictureException translated(JpegException e) {
        return switch (e.kind()) {
            case TRUNCATED -> UndecodablePictureException.truncated(e.what());
            case CORRUPT -> UndecodablePictureException.corrupt(e.what());
            case UNSUPPORTED -> UndecodablePictureException.unsupported(e.what());
        };
    }
}
