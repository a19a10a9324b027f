package dev.graft.vision.jpeg;

import java.util.Arrays;

/// Decodes the blocks of a sequential scan straight to samples (T.81, F.2); blocks that are not kept are only read.
final class SequentialBlocks implements Scan.BlockDecoder {
    /// The first coefficients up to here, in zigzag order, lie in the upper left quarter of a block.
    private static final int LOW_END = 10;

    private final Scan scan;
    private final BitReader reader;
    private final int[] block = new int[64];

    /// What [#readAc] found, each coefficient with its sign's complement, or-ed.
    private int magnitudes;

    SequentialBlocks(Scan scan, BitReader reader) {
        this.scan = scan;
        this.reader = reader;
    }

    @Override
    public void reset() {
        scan.components().forEach(component -> component.dcPrediction = 0);
    }

    @Override
    public void decode(int index, int blockColumn, int blockRow) throws JpegException {
        Component component = scan.components().get(index);
        component.dcPrediction += reader.difference(scan.dcTables()[index]);
        HuffmanTable table = scan.acTables()[index];
        if (!component.keeps(blockColumn, blockRow)) {
            skipAc(table);
            return;
        }
        int dc = (short) ((short) component.dcPrediction * component.steps[0]);
        int offset = component.sampleOffset(blockColumn, blockRow);
        int end = readAc(table, component.steps);
        if (end == 1) {
            InverseDct.constant(dc, component.samples, offset, component.stride());
            return;
        }
        block[0] = dc;
        if (!InverseDct.fits(dc, magnitudes)) {
            WideInverseDct.transform(block, component.samples, offset, component.stride());
        } else if (end <= LOW_END) {
            InverseDct.transformLow(block, component.samples, offset, component.stride());
        } else {
            InverseDct.transform(block, component.samples, offset, component.stride());
        }
        Arrays.fill(block, 0);
    }

    /// Reads all coefficients but the first into [#block].
    ///
    /// @return the place behind the last of them in zigzag order, or 1 when there is none
    private int readAc(HuffmanTable table, int[] steps) throws JpegException {
        BitReader in = reader;
        byte[] data = in.data;
        int[] lookup = table.lookup;
        int[] natural = Zigzag.NATURAL;
        int[] coefficients = block;
        long bits = in.bits;
        int count = in.count;
        int position = in.position;
        int k = 1;
        int found = 0;
        while (k < 64) {
            if (count < 32) {
                bits |= (long) BitReader.LONGS.get(data, position) >>> count;
                position += (63 - count) >> 3;
                count |= 56;
            }
            int entry = lookup[(int) (bits >>> (64 - HuffmanTable.LOOKUP_BITS))];
            int value = entry >> 16;
            if (value != 0) {
                k += entry >> 8 & 15;
                bits <<= entry;
                count -= entry & 0xFF;
            } else {
                if (entry == 0) {
                    entry = table.find((int) (bits >>> 48));
                    if (entry < 0) {
                        throw BitReader.badCode();
                    }
                }
                bits <<= entry;
                count -= entry & 0xFF;
                int size = entry >> 8 & 15;
                int run = entry >> 12;
                if (size == 0) {
                    if (run != 15) {
                        break;
                    }
                    k = Math.min(k + 16, 64);
                    continue;
                }
                k += run;
                value = HuffmanTable.extend((int) (bits >>> (64 - size)), size);
                bits <<= size;
                count -= size;
            }
            int coefficient = value * steps[k];
            coefficients[natural[k]] = coefficient;
            found |= coefficient ^ coefficient >> 31;
            k++;
        }
        in.bits = bits;
        in.count = count;
        in.position = position;
        magnitudes = found;
        checkEnd(k);
        return k;
    }

    private void skipAc(HuffmanTable table) throws JpegException {
        BitReader in = reader;
        byte[] data = in.data;
        int[] lookup = table.lookup;
        long bits = in.bits;
        int count = in.count;
        int position = in.position;
        int k = 1;
        while (k < 64) {
            if (count < 32) {
                bits |= (long) BitReader.LONGS.get(data, position) >>> count;
                position += (63 - count) >> 3;
                count |= 56;
            }
            int entry = lookup[(int) (bits >>> (64 - HuffmanTable.LOOKUP_BITS))];
            if (entry >> 16 != 0) {
                k += (entry >> 8 & 15) + 1;
                bits <<= entry;
                count -= entry & 0xFF;
                continue;
            }
            if (entry == 0) {
                entry = table.find((int) (bits >>> 48));
                if (entry < 0) {
                    throw BitReader.badCode();
                }
            }
            int size = entry >> 8 & 15;
            int run = entry >> 12;
            int length = (entry & 0xFF) + size;
            bits <<= length;
            count -= length;
            if (size > 0) {
                k += run + 1;
            } else if (run == 15) {
                k = Math.min(k + 16, 64);
            } else {
                break;
            }
        }
        in.bits = bits;
        in.count = count;
        in.position = position;
        checkEnd(k);
    }

    private static void checkEnd(int k) throws JpegException {
        if (k > 64) {
            throw JpegException.corrupt("a block of its picture data has more than 64 coefficients");
        }
    }
}
