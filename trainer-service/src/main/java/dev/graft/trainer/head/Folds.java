package dev.graft.trainer.head;

import dev.graft.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Deals pictures out to parts, class by class, in an order drawn from a seed.
///
/// The order is that of SHA-256(purpose, seed, identity), so it depends on neither the order of the pictures nor the
/// run-time, and a picture keeps its place among those that were there before when more are added.
public final class Folds {
    private Folds() {}

    /// Gives the rows of each class in the drawn order.
    ///
    /// @param identities identity of each row
    /// @param labels     class of each row
    /// @param purpose    separates draws that must not depend on each other
    public static List<List<Integer>> shuffledByClass(
            List<String> identities, int[] labels, int classes, long seed, String purpose) {
        List<List<Integer>> rowsByClass = new ArrayList<>(classes);
        for (int c = 0; c < classes; c++) {
            rowsByClass.add(new ArrayList<>());
        }
        for (int row = 0; row < labels.length; row++) {
            rowsByClass.get(labels[row]).add(row);
        }
        String[] ranks = new String[labels.length];
        for (int row = 0; row < labels.length; row++) {
            String text = purpose + '\n' + seed + '\n' + identities.get(row);
            ranks[row] = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        }
        rowsByClass.forEach(rows -> rows.sort(Comparator.comparing(row -> ranks[row])));
        return rowsByClass;
    }

    /// Deals every row to one of `count` folds; each class is spread evenly, and so are the folds' sizes.
    ///
    /// @return the fold of each row, from 0
    static int[] deal(List<String> identities, int[] labels, int classes, int count, long seed, String purpose) {
        int[] folds = new int[labels.length];
        int next = 0;
        for (List<Integer> rows : shuffledByClass(identities, labels, classes, seed, purpose)) {
            for (int row : rows) {
                folds[row] = next++ % count;
            }
        }
        return folds;
    }
}
