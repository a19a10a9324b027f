package dev.graft.vision.jpeg;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decodes one JPEG file, or a region of it, once. Holds nothing static but constants: any number of threads
/// may decode, each with a decoder of its own.
public final class JpegDecoder {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DHT = 0xC4;
    private static final int DAC = 0xCC;
    private static final int DRI = 0xDD;
    private static final int DNL = 0xDC;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;

    /// Scans beyond this many are only there to keep a decoder busy; usual encoders write about ten.
    private static final int MAX_SCANS = 100;

    /// How many times a block may be visited by scans, on the mean; usual encoders make about six. A visit may cost one
    /// bit or none of the file, so that its size bounds nothing.
    private static final int MAX_VISITS = 24;

    /// As many visits as take a fraction of a second are allowed to any picture.
    private static final long MIN_VISITS = 4_000_000;

    private final byte[] file;
    private final Segments segments;
    private final Tables tables;
    private final @Nullable ColourModel prescribed;
    private boolean hasJfif;
    private int adobeTransform = ColourModel.NO_ADOBE;
    private @Nullable Frame frame;

    private JpegDecoder(byte[] file, Tables tables, @Nullable ColourModel prescribed) {
        this.file = file;
        this.segments = new Segments(file, 2);
        this.tables = tables;
        this.prescribed = prescribed;
    }

    /// Reads the header of a file.
    ///
    /// @throws JpegException when it is damaged, describes a process that is not implemented, or claims more than
    ///     the file can hold
    public static JpegDecoder open(byte[] file) throws JpegException {
        JpegDecoder decoder = new JpegDecoder(file, new Tables(), null);
        decoder.frame = decoder.readFrame();
        return decoder;
    }

    /// Reads the tables that the JPEGs of a TIFF have in common.
    ///
    /// @param file segments behind a start marker; empty when each JPEG has its tables itself
    /// @throws JpegException when they are damaged
    public static Tables readTables(byte[] file) throws JpegException {
        JpegDecoder shared = new JpegDecoder(file, new Tables(), null);
        shared.readTables();
        return shared.tables;
    }

    /// Reads the header of one of the JPEGs that a TIFF is made of.
    ///
    /// @param part one strip or tile
    /// @param tables the tables that it has in common with the others
    /// @param colours what its components mean, whatever its own segments say
    /// @throws JpegException as for a file
    public static JpegDecoder openPart(byte[] part, Tables tables, ColourModel colours) throws JpegException {
        JpegDecoder decoder = new JpegDecoder(part, tables.copy(), colours);
        decoder.frame = decoder.readFrame();
        if (!colours.hasComponents(decoder.opened().components().size())) {
            throw JpegException.corrupt("its components are not those that it names");
        }
        return decoder;
    }

    /// Returns the width in pixels.
    public int width() {
        return opened().width();
    }

    /// Returns the height in pixels.
    public int height() {
        return opened().height();
    }

    /// Returns the most bytes that decoding a region holds at one moment: coefficients, samples, the entropy-coded data
    /// without their stuffing, and the pixels.
    public long workingBytes(int left, int top, int width, int height) {
        return opened().workingBytes(left, top, width, height, file.length + BitReader.PADDING);
    }

    /// Decodes a region, once; the whole file is read and checked.
    ///
    /// @param left first column of the region, which must lie within the picture
    /// @param top first row
    /// @param width number of columns
    /// @param height number of rows
    /// @return uint8 [height, width, 3], red, green, blue
    /// @throws JpegException when the file does not hold one complete picture
    public byte[] decode(int left, int top, int width, int height) throws JpegException {
        Frame read = opened();
        checkPlausible(read);
        read.keep(left, top, width, height);
        readScans(read);
        ColourModel model = prescribed != null ? prescribed : ColourModel.of(read, hasJfif, adobeTransform);
        return new RgbRows(read, model, left, width).read(top, height);
    }

    private Frame opened() {
        return Objects.requireNonNull(frame, "the header is read when a decoder is made");
    }

    /// Reads segments that only define tables.
    private void readTables() throws JpegException {
        int marker = file.length < 2 ? EOI : segments.nextMarker();
        while (marker != EOI && marker != Segments.END_OF_FILE) {
            readOther(marker);
            marker = segments.nextMarker();
        }
    }

    /// Reads segments up to the frame's header.
    private Frame readFrame() throws JpegException {
        while (true) {
            int marker = segments.nextMarker();
            switch (marker) {
                case Segments.END_OF_FILE -> throw JpegException.truncated("it ends before its size is given");
                case EOI -> throw JpegException.corrupt("it holds no picture");
                case SOS -> throw JpegException.corrupt("picture data come before the picture's size");
                case 0xC0, 0xC1, 0xC2 -> {
                    return readFrameHeader(marker == 0xC2);
                }
                default -> readOther(marker);
            }
        }
    }

    private void readScans(Frame frame) throws JpegException {
        int scans = 0;
        long visits = Math.max(MIN_VISITS, MAX_VISITS * frame.blocks());
        int marker;
        while ((marker = segments.nextMarker()) != EOI) {
            if (marker == Segments.END_OF_FILE) {
                throw JpegException.truncated("its picture data end too early");
            }
            if (marker != SOS) {
                readOther(marker);
                continue;
            }
            segments.enter();
            Scan scan = ScanHeader.read(segments, frame, tables);
            segments.leave();
            scan.note();
            visits -= scan.blocks();
            if (++scans > MAX_SCANS || visits < 0) {
                throw JpegException.corrupt("it has more scans than its size can need");
            }
            BitReader reader = new BitReader(file, segments.position());
            scan.decode(
                    frame,
                    reader,
                    frame.progressive() ? new ProgressiveBlocks(scan, reader) : new SequentialBlocks(scan, reader));
            segments.moveTo(reader.filePosition());
            if (!frame.progressive() && frame.hasAllComponents()) {
                return;
            }
        }
        if (!frame.hasAllComponents()) {
            throw JpegException.corrupt("a colour component is missing");
        }
        if (!frame.isSharp()) {
            throw JpegException.truncated("its scans end before it is sharp");
        }
    }

    /// Refuses a header that claims more blocks than the file has bits, before room is made for them.
    private void checkPlausible(Frame frame) throws JpegException {
        if (frame.blocks() > 8L * file.length) {
            throw JpegException.truncated("it is too short for the size that it claims");
        }
    }

    private Frame readFrameHeader(boolean progressive) throws JpegException {
        segments.enter();
        segments.require(6);
        int precision = segments.u8();
        int height = segments.u16();
        int width = segments.u16();
        int count = segments.u8();
        if (precision != 8) {
            throw JpegException.unsupported("JPEG with " + precision + " bits a sample");
        }
        if (width == 0 || height == 0) {
            throw JpegException.corrupt("its header claims a size of %d × %d pixels".formatted(width, height));
        }
        if (count != 1 && count != 3 && count != 4) {
            throw JpegException.unsupported("JPEG with " + count + " colour components");
        }
        segments.require(3 * count);
        Component[] components = new Component[count];
        for (int i = 0; i < count; i++) {
            int id = segments.u8();
            int factors = segments.u8();
            int quantisationIndex = segments.u8();
            if ((factors >> 4) < 1 || (factors >> 4) > 4 || (factors & 15) < 1 || (factors & 15) > 4) {
                throw JpegException.corrupt("its header has an impossible sampling factor");
            }
            components[i] = new Component(id, factors >> 4, factors & 15, quantisationIndex);
        }
        segments.leave();
        return Frame.of(progressive, width, height, List.of(components));
    }

    /// Reads a segment that is neither frame nor scan.
    private void readOther(int marker) throws JpegException {
        if (marker == SOI || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7) {
            return;
        }
        refuseOtherProcesses(marker);
        segments.enter();
        switch (marker) {
            case DQT -> tables.readQuantisation(segments);
            case DHT -> tables.readHuffman(segments);
            case DRI -> tables.readRestartInterval(segments);
            case APP0 -> hasJfif |= segments.startsWith("JFIF\0") && segments.remaining() >= 14;
            case APP14 -> {
                if (segments.startsWith("Adobe") && segments.remaining() >= 12) {
                    segments.bytes(11);
                    adobeTransform = segments.u8();
                }
            }
            default -> {}
        }
        segments.leave();
    }

    private static void refuseOtherProcesses(int marker) throws JpegException {
        @Nullable
        String process = switch (marker) {
            case 0xC0, 0xC1, 0xC2 -> throw JpegException.corrupt("it has a second frame");
            case 0xC3 -> "Lossless JPEG";
            case 0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF -> "Hierarchical JPEG";
            case 0xC9, 0xCA, 0xCB, DAC -> "JPEG with arithmetic coding";
            case 0xF7 -> "JPEG-LS";
            case DNL -> "JPEG that gives its height after the picture";
            case 0xDE, 0xDF -> "Hierarchical JPEG";
            case 0xC8, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD ->
                "JPEG with an extension";
            default -> null;
        };
        if (process == null && marker < 0xC0) {
            throw JpegException.corrupt("it has a marker that does not exist");
        }
        if (process != null) {
            throw JpegException.unsupported(process);
        }
    }
}
