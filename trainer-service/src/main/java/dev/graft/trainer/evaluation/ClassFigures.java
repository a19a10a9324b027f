package dev.graft.trainer.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How well one class is recognised among the others.
///
/// @param images    of the class
/// @param precision share of the answers "this class" that are right; absent when there was none
/// @param recall    share of the class's images that were recognised; absent when there was none
/// @param f1        harmonic mean of both; absent when one is, 0 when both are
public record ClassFigures(
        long images,
        @Nullable Double precision,
        @Nullable Double recall,
        @Nullable Double f1) {

    static ClassFigures of(List<List<Long>> confusion, int label) {
        long images = confusion.get(label).stream().mapToLong(Long::longValue).sum();
        long answers = confusion.stream().mapToLong(row -> row.get(label)).sum();
        long right = confusion.get(label).get(label);
        Double f1 = images == 0 || answers == 0 ? null : (Double) (2.0 * right / (images + answers));
        return new ClassFigures(images, share(right, answers), share(right, images), f1);
    }

    private static @Nullable Double share(long part, long whole) {
        return whole == 0 ? null : (Double) ((double) part / whole);
    }
}
