package dev.graft.vision.jpeg;

import java.util.ArrayList;
import java.util.List;

/// Reads the header of a scan and looks up what it refers to (T.81, B.2.3).
final class ScanHeader {
    private static final int MAX_BLOCKS_IN_MCU = 10;

    /// Is in the place of tables that a scan does not use.
    private static final HuffmanTable NONE = none();

    private ScanHeader() {}

    static Scan read(Segments segments, Frame frame, Tables tables) throws JpegException {
        segments.require(1);
        int count = segments.u8();
        if (count < 1 || count > 4) {
            throw JpegException.corrupt("a scan has " + count + " components");
        }
        segments.require(2 * count + 3);
        List<Component> components = new ArrayList<>();
        int[] selectors = new int[count];
        for (int i = 0; i < count; i++) {
            Component component = frame.component(segments.u8());
            if (components.contains(component)) {
                throw JpegException.corrupt("a scan names a component twice");
            }
            components.add(component);
            selectors[i] = segments.u8();
        }
        int start = segments.u8();
        int end = segments.u8();
        int approximation = segments.u8();
        int high = approximation >> 4;
        int low = approximation & 15;
        if (frame.progressive()) {
            checkProgression(start, end, high, low, count);
        } else {
            start = 0;
            end = 63;
        }
        checkMcu(components);
        HuffmanTable[] dcTables = new HuffmanTable[count];
        HuffmanTable[] acTables = new HuffmanTable[count];
        for (int i = 0; i < count; i++) {
            Component component = components.get(i);
            if (component.steps.length == 0) {
                component.steps = tables.quantisation(component.quantisationIndex);
            }
            dcTables[i] = start == 0 && high == 0 ? tables.dcTable(selectors[i] >> 4, frame.progressive()) : NONE;
            acTables[i] = end > 0 ? tables.acTable(selectors[i] & 15, frame.progressive()) : NONE;
        }
        return new Scan(components, dcTables, acTables, start, end, high, low, tables.restartInterval());
    }

    /// Checks the parameters of a progressive scan (T.81, G.1.1.1.1).
    private static void checkProgression(int start, int end, int high, int low, int count) throws JpegException {
        boolean band = start == 0 ? end == 0 : start <= end && end <= 63 && count == 1;
        if (!band || low > 13 || high != 0 && high != low + 1) {
            throw JpegException.corrupt("a progressive scan has impossible parameters");
        }
    }

    private static void checkMcu(List<Component> components) throws JpegException {
        int blocks = 0;
        for (Component component : components) {
            blocks += component.horizontalFactor * component.verticalFactor;
        }
        if (components.size() > 1 && blocks > MAX_BLOCKS_IN_MCU) {
            throw JpegException.corrupt("a scan has too many blocks in a unit");
        }
    }

    private static HuffmanTable none() {
        try {
            return new HuffmanTable(new int[16], new byte[0]);
        } catch (JpegException e) {
            throw new IllegalStateException("A table without codes is a good one", e);
        }
    }
}
