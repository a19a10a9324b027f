package dev.graft.vision.jpeg;

/// Decodes the blocks of a progressive scan into coefficients (T.81, G.1 and G.2).
final class ProgressiveBlocks implements Scan.BlockDecoder {
    private final Scan scan;
    private final BitReader reader;
    private final int start;
    private final int end;
    private final int low;
    private final boolean refines;

    /// Blocks still to come that have no more new coefficients in this band.
    private int endOfBandRun;

    ProgressiveBlocks(Scan scan, BitReader reader) {
        this.scan = scan;
        this.reader = reader;
        this.start = scan.spectralStart();
        this.end = scan.spectralEnd();
        this.low = scan.approximationLow();
        this.refines = scan.approximationHigh() > 0;
    }

    @Override
    public void reset() {
        scan.components().forEach(component -> component.dcPrediction = 0);
        endOfBandRun = 0;
    }

    @Override
    public void decode(int index, int blockColumn, int blockRow) throws JpegException {
        Component component = scan.components().get(index);
        int base = (blockRow * component.paddedBlocksWide + blockColumn) << 6;
        if (start == 0) {
            if (refines) {
                component.coefficients[base] |= (short) (reader.receive(1) << low);
            } else {
                component.dcPrediction += reader.difference(scan.dcTables()[index]);
                component.coefficients[base] = (short) (component.dcPrediction << low);
            }
        } else if (refines) {
            refineAc(component.coefficients, base, scan.acTables()[index]);
        } else {
            firstAc(component.coefficients, base, scan.acTables()[index]);
        }
    }

    private void firstAc(short[] coefficients, int base, HuffmanTable table) throws JpegException {
        if (endOfBandRun > 0) {
            endOfBandRun--;
            return;
        }
        int k = start;
        while (k <= end) {
            int symbol = reader.symbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size > 0) {
                k += run;
                coefficients[base + Zigzag.NATURAL[k]] = (short) (reader.receiveExtended(size) << low);
                k++;
            } else if (run == 15) {
                k = Math.min(k + 16, end + 1);
            } else {
                endOfBandRun = (1 << run) + reader.receive(run) - 1;
                return;
            }
        }
        checkBand(k);
    }

    /// Refines coefficients that are known already and places the new ones between them, as `decode_mcu_AC_refine` of
    /// libjpeg's `jdphuff.c` does.
    private void refineAc(short[] coefficients, int base, HuffmanTable table) throws JpegException {
        int k = start;
        if (endOfBandRun == 0) {
            while (k <= end) {
                int symbol = reader.symbol(table);
                int run = symbol >> 4;
                int value = 0;
                if ((symbol & 15) != 0) {
                    value = (reader.receive(1) == 1 ? 1 : -1) << low;
                } else if (run != 15) {
                    endOfBandRun = (1 << run) + reader.receive(run);
                    break;
                }
                k = refineRun(coefficients, base, k, run);
                if (value != 0) {
                    coefficients[base + Zigzag.NATURAL[k]] = (short) value;
                }
                k++;
            }
            if (endOfBandRun == 0) {
                checkBand(k);
            }
        }
        if (endOfBandRun > 0) {
            refineRun(coefficients, base, k, Integer.MAX_VALUE);
            endOfBandRun--;
        }
    }

    /// Refines known coefficients from `k` on, until `run` unknown ones are passed and the next is unknown too.
    ///
    /// @return the place of that next one, or one behind the band
    private int refineRun(short[] coefficients, int base, int k, int run) {
        int left = run;
        int at = k;
        for (; at <= end; at++) {
            int place = base + Zigzag.NATURAL[at];
            int known = coefficients[place];
            if (known == 0) {
                if (--left < 0) {
                    return at;
                }
            } else if (reader.receive(1) == 1 && (known & 1 << low) == 0) {
                coefficients[place] = (short) (known + (known > 0 ? 1 << low : -(1 << low)));
            }
        }
        return at;
    }

    private void checkBand(int k) throws JpegException {
        if (k > end + 1) {
            throw JpegException.corrupt("a block of its picture data has too many coefficients");
        }
    }
}
