package dev.graft.trainer.head;

import java.util.List;
import java.util.stream.Stream;

/// What a head is made of.
public sealed interface HeadArchitecture {
    /// How one is written.
    String PATTERN = "^(linear|sigmoid|mlp:\\d{1,6}(,\\d{1,6})*)$";

    /// Returns the number of results of each layer.
    ///
    /// @param classes how many classes there are
    default List<Integer> widths(int classes) {
        return switch (this) {
            case Linear _ -> List.of(classes);
            case Sigmoid _ -> List.of(1);
            case Mlp(List<Integer> hiddenUnits) ->
                Stream.concat(hiddenUnits.stream(), Stream.of(classes)).toList();
        };
    }

    /// One layer and softmax.
    record Linear() implements HeadArchitecture {
        @Override
        public String toString() {
            return "linear";
        }
    }

    /// One layer with one result and the logistic function, for two classes.
    record Sigmoid() implements HeadArchitecture {
        @Override
        public String toString() {
            return "sigmoid";
        }
    }

    /// Hidden layers with ReLU, a layer and softmax.
    ///
    /// @param hiddenUnits widths of the hidden layers, from the features on
    record Mlp(List<Integer> hiddenUnits) implements HeadArchitecture {
        private static final int MAX_LAYERS = 4;
        private static final int MAX_UNITS = 8192;

        /// @throws IllegalArgumentException when there are too many layers or units, or none
        public Mlp {
            hiddenUnits = List.copyOf(hiddenUnits);
            if (hiddenUnits.isEmpty() || hiddenUnits.size() > MAX_LAYERS) {
                throw new IllegalArgumentException("hidden layers of an MLP are 1 to " + MAX_LAYERS);
            }
            for (int units : hiddenUnits) {
                if (units < 1 || units > MAX_UNITS) {
                    throw new IllegalArgumentException(
                            "hidden layers have 1 to " + MAX_UNITS + " units each, not " + units);
                }
            }
        }

        @Override
        public String toString() {
            return "mlp:"
                    + String.join(",", hiddenUnits.stream().map(String::valueOf).toList());
        }
    }

    /// Reads `linear`, `sigmoid` or `mlp:N[,M]`; `toString` gives the same text back.
    ///
    /// @throws IllegalArgumentException when it is none of these
    static HeadArchitecture parse(String text) {
        if (text.equals("linear")) {
            return new Linear();
        }
        if (text.equals("sigmoid")) {
            return new Sigmoid();
        }
        if (text.matches(PATTERN)) {
            return new Mlp(List.of(text.substring("mlp:".length()).split(",")).stream()
                    .map(Integer::valueOf)
                    .toList());
        }
        throw new IllegalArgumentException("head is linear, sigmoid or mlp:UNITS[,UNITS], not '" + text + "'");
    }
}
