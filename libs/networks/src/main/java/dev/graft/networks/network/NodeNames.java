package dev.graft.networks.network;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Says which nodes a name may stand for. Upper and lower case are alike.
final class NodeNames {
    private NodeNames() {}

    /// Returns the meanings of a name, the first of which that fits a node of a network is meant: a stage, a
    /// node, a module, a pattern of names or stages in which `*` stands for any text.
    static Stream<Predicate<Node>> meanings(String wanted) {
        return Stream.of(
                node -> node.stage().equalsIgnoreCase(wanted),
                node -> node.name().equalsIgnoreCase(wanted),
                node -> startsWith(node.name(), wanted + "."),
                fits(wanted));
    }

    private static boolean startsWith(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static Predicate<Node> fits(String pattern) {
        List<String> pieces = List.of(pattern.toLowerCase(Locale.ROOT).split("\\*", -1));
        return node -> fits(pieces, node.name()) || fits(pieces, node.stage());
    }

    /// Finds the pieces between the stars one after another, each as early as it can be: unlike a regular
    /// expression, this never goes back, however many stars a client writes.
    private static boolean fits(List<String> pieces, String name) {
        String text = name.toLowerCase(Locale.ROOT);
        String first = pieces.getFirst();
        String last = pieces.getLast();
        if (pieces.size() == 1) {
            return text.equals(first);
        }
        if (!text.startsWith(first)) {
            return false;
        }
        int end = first.length();
        for (String piece : pieces.subList(1, pieces.size() - 1)) {
            int start = text.indexOf(piece, end);
            if (start < 0) {
                return false;
            }
            end = start + piece.length();
        }
        return text.endsWith(last) && text.length() - last.length() >= end;
    }
}
