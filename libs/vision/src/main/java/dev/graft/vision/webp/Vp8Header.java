package dev.graft.vision.webp;

/// Holds what the header of a key frame says (RFC 6386, sections 9.2 to 9.11).
///
/// @param segmentProbabilities probabilities of the segment tree; empty when macroblocks name no segment
/// @param steps quantisation of each segment
/// @param filters loop filter of each segment, and for it of macroblocks predicted whole and by 4 × 4 blocks
/// @param simpleFilter whether only luma is filtered, in the simple way
/// @param partitions number of partitions of coefficients
/// @param coefficients coefficient probabilities [4, 8, 3, 11]
/// @param skipProbability probability that a macroblock has coefficients, or −1 when none says so
record Vp8Header(
        int[] segmentProbabilities,
        Steps[] steps,
        Filter[][] filters,
        boolean simpleFilter,
        int partitions,
        byte[] coefficients,
        int skipProbability) {

    /// Steps of first and other coefficients: of luma, of Y2, of chroma.
    record Steps(int lumaDc, int lumaAc, int y2Dc, int y2Ac, int chromaDc, int chromaAc) {
        static Steps of(int index, int[] deltas) {
            int y2Ac = Vp8Tables.AC_STEPS[clip(index + deltas[2], 127)] * 155 / 100;
            return new Steps(
                    Vp8Tables.DC_STEPS[clip(index + deltas[0], 127)],
                    Vp8Tables.AC_STEPS[clip(index, 127)],
                    Vp8Tables.DC_STEPS[clip(index + deltas[1], 127)] * 2,
                    Math.max(y2Ac, 8),
                    Vp8Tables.DC_STEPS[clip(index + deltas[3], 117)],
                    Vp8Tables.AC_STEPS[clip(index + deltas[4], 127)]);
        }

        private static int clip(int index, int most) {
            return Math.clamp(index, 0, most);
        }
    }

    /// Strength of the loop filter (section 15.2); a limit of 0 is none.
    record Filter(int limit, int innerLimit, int highVariance) {
        static Filter of(int level, int sharpness) {
            int clipped = Math.clamp(level, 0, 63);
            if (clipped == 0) {
                return new Filter(0, 0, 0);
            }
            int inner = clipped;
            if (sharpness > 0) {
                inner = Math.min(inner >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
            }
            inner = Math.max(inner, 1);
            int highVariance = clipped >= 40 ? 2 : clipped >= 15 ? 1 : 0;
            return new Filter(2 * clipped + inner, inner, highVariance);
        }
    }

    static Vp8Header read(BoolDecoder in) {
        in.literal(2); // Colour space and clamping type change nothing here: samples are always clamped.
        int segments = 1;
        boolean namesSegments = false;
        boolean absolute = true;
        int[] segmentIndexes = new int[4];
        int[] segmentLevels = new int[4];
        int[] segmentProbabilities = {255, 255, 255};
        if (in.flag()) {
            segments = 4;
            namesSegments = in.flag();
            if (in.flag()) {
                absolute = in.flag();
                for (int i = 0; i < 4; i++) {
                    segmentIndexes[i] = in.optionalSigned(7);
                }
                for (int i = 0; i < 4; i++) {
                    segmentLevels[i] = in.optionalSigned(6);
                }
            }
            for (int i = 0; namesSegments && i < 3; i++) {
                segmentProbabilities[i] = in.flag() ? in.literal(8) : 255;
            }
        }
        boolean simpleFilter = in.flag();
        int level = in.literal(6);
        int sharpness = in.literal(3);
        int[] levelDeltas = new int[8];
        boolean usesDeltas = in.flag();
        boolean changesDeltas = usesDeltas && in.flag();
        if (changesDeltas) {
            for (int i = 0; i < 8; i++) {
                levelDeltas[i] = in.optionalSigned(6);
            }
        }
        int partitions = 1 << in.literal(2);
        int index = in.literal(7);
        int[] indexDeltas = new int[5];
        for (int i = 0; i < 5; i++) {
            indexDeltas[i] = in.optionalSigned(4);
        }
        Steps[] steps = new Steps[segments];
        Filter[][] filters = new Filter[segments][2];
        for (int i = 0; i < segments; i++) {
            boolean own = segments > 1;
            steps[i] = Steps.of(own ? segmentIndexes[i] + (absolute ? 0 : index) : index, indexDeltas);
            int base = own ? segmentLevels[i] + (absolute ? 0 : level) : level;
            filters[i][0] = Filter.of(level == 0 ? 0 : base + levelDeltas[0], sharpness);
            filters[i][1] = Filter.of(level == 0 ? 0 : base + levelDeltas[0] + levelDeltas[4], sharpness);
        }
        in.flag(); // Whether probabilities are kept for a next frame, which there is not.
        byte[] coefficients = Vp8Tables.COEFFICIENTS.clone();
        for (int i = 0; i < coefficients.length; i++) {
            if (in.bit(Vp8Tables.COEFFICIENT_UPDATES[i] & 0xFF) == 1) {
                coefficients[i] = (byte) in.literal(8);
            }
        }
        int skipProbability = in.flag() ? in.literal(8) : -1;
        return new Vp8Header(
                namesSegments ? segmentProbabilities : new int[0],
                steps,
                filters,
                simpleFilter,
                partitions,
                coefficients,
                skipProbability);
    }
}
