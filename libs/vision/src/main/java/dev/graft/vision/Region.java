package dev.graft.vision;

/// Names a rectangle of a picture, in pixels from its top left corner.
record Region(int left, int top, int width, int height) {
    static Region whole(int width, int height) {
        return new Region(0, 0, width, height);
    }
}
