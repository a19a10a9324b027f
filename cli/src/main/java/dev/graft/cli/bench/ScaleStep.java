package dev.graft.cli.bench;

/// What is done with a dataset of each size, in this order.
enum ScaleStep {
    IMPORT("import of an archive", Unit.IMAGE),
    LIST("list all, page by page", Unit.IMAGE),
    FIRST_PAGE("first page", Unit.REQUEST),
    FAR_PAGE("page behind nine tenths", Unit.REQUEST),
    PAGE_OF_LABEL("first page of a label", Unit.REQUEST),
    COUNTS("dataset with its counts", Unit.REQUEST),
    FREEZE("freeze a version", Unit.IMAGE),
    EMBED("embed", Unit.IMAGE),
    EMBED_AGAIN("embed again, all cached", Unit.IMAGE),
    TRAIN("train a head, one pass", Unit.IMAGE),
    DELETE("delete the dataset", Unit.REQUEST);

    private final String title;
    private final Unit unit;

    ScaleStep(String title, Unit unit) {
        this.title = title;
        this.unit = unit;
    }

    /// Says what it is, for users.
    String title() {
        return title;
    }

    /// Gives what its cost is measured in.
    Unit unit() {
        return unit;
    }

    /// What a cost is measured in.
    enum Unit {
        /// Milliseconds of a request, whatever the size of the dataset.
        REQUEST("ms per request"),
        /// Microseconds of the whole step, divided by the number of images.
        IMAGE("µs per image");

        private final String title;

        Unit(String title) {
            this.title = title;
        }

        /// Names it for users.
        String title() {
            return title;
        }

        /// Gives a cost in it.
        ///
        /// @param seconds of a request, or of the whole step
        /// @param images  in the dataset
        double cost(double seconds, int images) {
            double cost = switch (this) {
                case REQUEST -> 1e3 * seconds;
                case IMAGE -> 1e6 * seconds / images;
            };
            return Math.round(1e3 * cost) / 1e3;
        }
    }
}
