package dev.graft.vision.jpeg;

import java.util.List;

/// Describes a frame: what its header says and follows from it (T.81, B.2.2 and A.1.1).
///
/// @param progressive whether coefficients come in several scans
/// @param width width of the picture in pixels
/// @param height height of the picture in pixels
/// @param components its components; their sizes are set
/// @param maxHorizontal greatest horizontal sampling factor
/// @param maxVertical greatest vertical sampling factor
record Frame(
        boolean progressive, int width, int height, List<Component> components, int maxHorizontal, int maxVertical) {

    static Frame of(boolean progressive, int width, int height, List<Component> components) throws JpegException {
        int maxHorizontal = 1;
        int maxVertical = 1;
        for (Component component : components) {
            maxHorizontal = Math.max(maxHorizontal, component.horizontalFactor);
            maxVertical = Math.max(maxVertical, component.verticalFactor);
        }
        Frame frame = new Frame(progressive, width, height, components, maxHorizontal, maxVertical);
        for (Component component : components) {
            if (maxHorizontal % component.horizontalFactor != 0 || maxVertical % component.verticalFactor != 0) {
                throw JpegException.unsupported("JPEG with a fractional ratio of colour resolutions");
            }
            component.width = ceilDiv((long) width * component.horizontalFactor, maxHorizontal);
            component.height = ceilDiv((long) height * component.verticalFactor, maxVertical);
            component.paddedBlocksWide = frame.mcusWide() * component.horizontalFactor;
            component.paddedBlocksHigh = frame.mcusHigh() * component.verticalFactor;
        }
        return frame;
    }

    int mcusWide() {
        return ceilDiv(width, 8L * maxHorizontal);
    }

    int mcusHigh() {
        return ceilDiv(height, 8L * maxVertical);
    }

    /// Counts the blocks of all components.
    long blocks() {
        return Component.blocks(components);
    }

    /// Chooses the blocks that a region of the picture needs, with one sample more on each side for upsampling, and
    /// makes room for their samples, or for the coefficients that they come from.
    void keep(int left, int top, int keptWidth, int keptHeight) throws JpegException {
        for (Component component : components) {
            int firstColumn = left * component.horizontalFactor / maxHorizontal - 1;
            int lastColumn = (left + keptWidth - 1) * component.horizontalFactor / maxHorizontal + 1;
            int firstRow = top * component.verticalFactor / maxVertical - 1;
            int lastRow = (top + keptHeight - 1) * component.verticalFactor / maxVertical + 1;
            component.firstBlockColumn = Math.max(firstColumn, 0) >> 3;
            component.firstBlockRow = Math.max(firstRow, 0) >> 3;
            component.keptBlocksWide =
                    (Math.min(lastColumn, component.width - 1) >> 3) - component.firstBlockColumn + 1;
            component.keptBlocksHigh = (Math.min(lastRow, component.height - 1) >> 3) - component.firstBlockRow + 1;
            int samples = arraySize((long) component.keptBlocksWide * component.keptBlocksHigh, 64);
            if (progressive) {
                component.coefficients =
                        new short[arraySize((long) component.paddedBlocksWide * component.paddedBlocksHigh, 64)];
            } else {
                component.samples = new byte[samples];
            }
        }
    }

    /// Returns the component of an id that a scan names.
    Component component(int id) throws JpegException {
        for (Component component : components) {
            if (component.id == id) {
                return component;
            }
        }
        throw JpegException.corrupt("a scan names a component that the picture has not");
    }

    /// Whether every component has had a scan.
    boolean hasAllComponents() {
        return components.stream().allMatch(component -> component.steps.length > 0);
    }

    private static int arraySize(long count, int unit) throws JpegException {
        if (count * unit > Integer.MAX_VALUE - 64) {
            throw JpegException.unsupported("A JPEG as large as this");
        }
        return (int) (count * unit);
    }

    private static int ceilDiv(long value, long divisor) {
        return (int) ((value + divisor - 1) / divisor);
    }
}
