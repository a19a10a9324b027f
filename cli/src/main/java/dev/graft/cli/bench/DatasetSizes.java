package dev.graft.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The sizes of datasets that are compared.
///
/// @param images how many images each dataset has, ascending
record DatasetSizes(List<Integer> images) {
    /// The smallest dataset: some images of each class.
    static final int MIN = 100;

    /// The largest dataset: what the ingest service takes as one archive.
    static final int MAX = 1_000_000;

    DatasetSizes {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("name at least one size");
        }
        for (int i = 0; i < images.size(); i++) {
            int size = images.get(i);
            if (size < MIN || size > MAX) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "a dataset here has %,d to %,d images, not %,d", MIN, MAX, size));
            }
            if (i > 0 && size <= images.get(i - 1)) {
                throw new IllegalArgumentException(
                        "sizes ascend, and %d comes after %d".formatted(size, images.get(i - 1)));
            }
        }
    }

    /// Reads sizes that are separated by commas.
    ///
    /// @throws IllegalArgumentException when one is no whole number, too small or too large, or they do not ascend
    static DatasetSizes parse(String text) {
        return new DatasetSizes(
                Stream.of(text.split(",", -1)).map(DatasetSizes::size).toList());
    }

    private static int size(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException("'%s' is not a number of images".formatted(text.strip()), notOne);
        }
    }

    /// Reads sizes for the command line.
    static final class Converter implements ITypeConverter<DatasetSizes> {
        @Override
        public DatasetSizes convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException refused) {
                throw new TypeConversionException(refused.getMessage());
            }
        }
    }
}
