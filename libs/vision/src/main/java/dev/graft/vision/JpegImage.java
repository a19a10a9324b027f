package dev.graft.vision;

import dev.graft.vision.jpeg.JpegDecoder;
import dev.graft.vision.jpeg.JpegException;

/// Reads a JPEG file.
record JpegImage(byte[] file, JpegDecoder header, Orientation orientation) implements StoredImage {

    static JpegImage open(byte[] file) throws UndecodableImageException {
        try {
            return new JpegImage(file, JpegDecoder.open(file), Exif.orientation(file, ImageFormat.JPEG));
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
    public Patch decode(Region region) throws UndecodableImageException {
        try {
            byte[] rgb = JpegDecoder.open(file).decode(region.left(), region.top(), region.width(), region.height());
            return new Patch(region.left(), region.top(), new Pixels(region.width(), region.height(), rgb));
        } catch (JpegException e) {
            throw translated(e);
        }
    }

    static UndecodableImageException translated(JpegException e) {
        return switch (e.kind()) {
            case TRUNCATED -> UndecodableImageException.truncated(e.what());
            case CORRUPT -> UndecodableImageException.corrupt(e.what());
            case UNSUPPORTED -> UndecodableImageException.unsupported(e.what());
        };
    }
}
