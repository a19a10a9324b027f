package dev.graft.trainer.finetune;

import dev.graft.vision.augment.Mixing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The order in which images pass through the frozen part: two that are mixed stand side by side, so that a
/// batch has both or none, and those that are mixed with no other are last.
///
/// @param images their positions in the set
/// @param pairs how the first two are mixed, the next two, and so on
@SuppressWarnings("ArrayRecordComponent") // Large, and never compared.
record PassOrder(int[] images, List<Mixing> pairs) {
    /// Orders the images of an epoch.
    ///
    /// @param steps images of each step
    /// @param mixing of each step; of none, or of all
    static PassOrder of(List<int[]> steps, IntFunction<Optional<Mixing>> mixing) {
        IntStream.Builder paired = IntStream.builder();
        IntStream.Builder alone = IntStream.builder();
        List<Mixing> pairs = new ArrayList<>();
        for (int step = 0; step < steps.size(); step++) {
            int[] images = steps.get(step);
            Optional<Mixing> mixed = mixing.apply(step);
            if (mixed.isEmpty()) {
                Arrays.stream(images).forEach(alone);
                continue;
            }
            for (int i = 0; i < images.length / 2; i++) {
                paired.add(images[i]).add(images[Mixing.partner(i, images.length)]);
                pairs.add(mixed.get());
            }
            if (images.length % 2 == 1) {
                alone.add(images[images.length / 2]);
            }
        }
        return new PassOrder(IntStream.concat(paired.build(), alone.build()).toArray(), List.copyOf(pairs));
    }
}
