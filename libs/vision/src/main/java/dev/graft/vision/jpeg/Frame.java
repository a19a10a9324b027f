package dev.graft.vision.jpeg;

import java.util.List;
import java.util.stream.IntStream;

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
    /// The first coefficient and the nine that libjpeg-turbo would guess.
    private static final int COARSE = 10;

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

    /// Returns the most bytes that decoding a region holds at one moment: while scans are read, while coefficients
    /// become samples component by component, and while samples become pixels.
    ///
    /// @param dataBytes what reading scans takes besides
    long workingBytes(int left, int top, int keptWidth, int keptHeight, long dataBytes) {
        long coefficients = 0;
        long samples = 0;
        for (Component component : components) {
            samples += component.kept(this, left, top, keptWidth, keptHeight).samples();
            coefficients += coefficientBytes(component);
        }
        long scanning = dataBytes + (progressive ? coefficients : samples);
        long transforming = 0;
        long transformed = 0;
        for (Component component : components) {
            transformed +=
                    component.kept(this, left, top, keptWidth, keptHeight).samples();
            transforming = Math.max(transforming, coefficients + transformed);
            coefficients -= coefficientBytes(component);
        }
        long lines = (long) components.size() * keptWidth * (Integer.BYTES + 1);
        long colouring = samples + lines + 3L * keptWidth * keptHeight;
        return Math.max(scanning, Math.max(transforming, colouring));
    }

    private long coefficientBytes(Component component) {
        return progressive ? component.paddedBlocks() * 64 * Short.BYTES : 0;
    }

    /// Chooses the blocks that a region of the picture needs, with one sample more on each side for upsampling, and
    /// makes room for their samples, or for the coefficients that they come from.
    void keep(int left, int top, int keptWidth, int keptHeight) throws JpegException {
        for (Component component : components) {
            Component.Kept kept = component.kept(this, left, top, keptWidth, keptHeight);
            component.keep(kept);
            if (progressive) {
                component.coefficients = new short[arraySize(component.paddedBlocks() * 64)];
            } else {
                component.samples = new byte[arraySize(kept.samples())];
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

    /// Whether the scans of a progressive frame have given its coarse coefficients to the last bit. Of others
    /// libjpeg makes a guess (`smoothing_ok` in `jdcoefct.c`), which is no decoding.
    boolean isSharp() {
        return components.stream()
                .allMatch(component -> IntStream.range(0, COARSE).allMatch(place -> component.unknownBits[place] == 0));
    }

    private static int arraySize(long count) throws JpegException {
        if (count > Integer.MAX_VALUE - 64) {
            throw JpegException.unsupported("A JPEG as large as this");
        }
        return (int) count;
    }

    private static int ceilDiv(long value, long divisor) {
        return (int) ((value + divisor - 1) / divisor);
    }
}
