package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a published file of weights again, with some of its tensors replaced by others, such as those that
/// were fine-tuned, so that what reads the published file reads this one: names, their order, texts and what
/// no network here needs, such as the int64 counters `num_batches_tracked` and auxiliary classifiers, are as
/// published. Stateless.
public final class PatchedSafetensors {
    /// A tensor without numbers has the place of another.
    private static final Comparator<SafetensorsHeader.Entry> BY_PLACE =
            Comparator.comparingLong(SafetensorsHeader.Entry::begin).thenComparingLong(SafetensorsHeader.Entry::end);

    private PatchedSafetensors() {}

    /// Writes a file.
    ///
    /// The replaced tensors are float32. Where they were published so, and have the shape they had, all other
    /// bytes of the file are the published ones. Else the header states the new types and places, and all other
    /// tensors keep their type and their bytes: a fine-tuned number may differ from the published one by less
    /// than what a type of 16 bits can hold. The data is then ordered by the size of the elements, the greatest
    /// first, and as published among equals, so that every tensor begins at a multiple of that size.
    ///
    /// Runs on the calling thread, in memory for the header and a chunk of 1 MiB.
    ///
    /// @param published a safetensors file, which stays open and must not change meanwhile
    /// @param replaced what replaces the tensors of these names, float32. Only a grid of positions may have
    ///     another shape, `[1, 1 + side², channels]`: it is learned at the size at which it is used
    /// @param out where the bytes go; stays open
    /// @throws MalformedWeightsException `MISSING_TENSOR` when the file has no tensor of a name, `WRONG_DTYPE`
    ///     when that holds no floating-point numbers, `WRONG_SHAPE` when its shape is another, `NOT_FINITE` when a
    ///     replacement holds a value that no reader would take; nothing is written then
    /// @throws IOException when the file cannot be read, or the stream refuses the bytes
    public static void write(Safetensors published, Map<String, FloatTensor> replaced, OutputStream out)
            throws IOException {
        SafetensorsOutput.requireFinite(replaced);
        replaced.forEach((name, tensor) -> requireReplaceable(published, name, tensor));
        Map<String, SafetensorsHeader.Entry> entries = published.header().entries();
        boolean asPublished = entries.entrySet().stream()
                .allMatch(named -> keepsItsPlace(named.getValue(), replaced.get(named.getKey())));
        SafetensorsOutput output = new SafetensorsOutput(out);
        if (asPublished) {
            output.write(published.beforeData());
            writeData(output, published, entries, replaced);
        } else {
            Map<String, SafetensorsHeader.Entry> placed = placed(entries, replaced);
            output.writeHeader(SafetensorsOutput.header(published.header().metadata(), placed));
            writeData(output, published, placed, replaced);
        }
    }

    private static void requireReplaceable(Safetensors file, String name, FloatTensor tensor) {
        file.requireFloats(name);
        Shape shape = file.shape(name);
        if (!tensor.shape().equals(shape) && !PositionGrid.areGrids(shape, tensor.shape())) {
            throw new MalformedWeightsException(
                    Malformation.WRONG_SHAPE, name + " is " + shape + " where " + tensor.shape() + " replaces it");
        }
    }

    private static boolean keepsItsPlace(SafetensorsHeader.Entry published, @Nullable FloatTensor replacement) {
        return replacement == null
                || (published.dtype() == DType.F32 && published.shape().equals(replacement.shape()));
    }

    /// Gives every tensor its type and its place, in the order in which they were published.
    private static Map<String, SafetensorsHeader.Entry> placed(
            Map<String, SafetensorsHeader.Entry> published, Map<String, FloatTensor> replaced) {
        Map<String, SafetensorsHeader.Entry> placed = new LinkedHashMap<>();
        published.forEach((name, entry) -> {
            FloatTensor tensor = replaced.get(name);
            placed.put(
                    name,
                    tensor == null
                            ? entry
                            : new SafetensorsHeader.Entry(DType.F32, tensor.shape(), entry.begin(), entry.end()));
        });
        Comparator<SafetensorsHeader.Entry> greatestFirst =
                Comparator.comparingInt(entry -> -entry.dtype().sizeBytes());
        long position = 0;
        for (Map.Entry<String, SafetensorsHeader.Entry> named :
                ordered(placed, greatestFirst.thenComparing(BY_PLACE))) {
            SafetensorsHeader.Entry entry = named.getValue();
            long end = position + entry.shape().elements() * entry.dtype().sizeBytes();
            placed.put(named.getKey(), new SafetensorsHeader.Entry(entry.dtype(), entry.shape(), position, end));
            position = end;
        }
        return placed;
    }

    /// Writes the bytes of all tensors, each in its place.
    private static void writeData(
            SafetensorsOutput output,
            Safetensors file,
            Map<String, SafetensorsHeader.Entry> places,
            Map<String, FloatTensor> replaced)
            throws IOException {
        for (Map.Entry<String, SafetensorsHeader.Entry> named : ordered(places, BY_PLACE)) {
            FloatTensor tensor = replaced.get(named.getKey());
            output.write(tensor == null ? file.data(named.getKey()) : tensor.data());
        }
    }

    private static List<Map.Entry<String, SafetensorsHeader.Entry>> ordered(
            Map<String, SafetensorsHeader.Entry> entries, Comparator<SafetensorsHeader.Entry> order) {
        return entries.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(order))
                .toList();
    }
}
