package dev.graft.cli.bench;

import dev.graft.stack.Service;
import java.util.Arrays;
import java.util.List;

/// What is done with a dataset of each size, in this order.
enum ScaleStep {
    IMPORT("import of an archive", Unit.IMAGE, Service.INGEST, Needs.FILES),
    LIST("list all, 1,000 a page", Unit.IMAGE, Service.INGEST, Needs.ROWS),
    FIRST_PAGE("first page", Unit.REQUEST, Service.INGEST, Needs.ROWS),
    FAR_PAGE("page behind nine tenths", Unit.REQUEST, Service.INGEST, Needs.ROWS),
    PAGE_OF_LABEL("first page of a label", Unit.REQUEST, Service.INGEST, Needs.ROWS),
    COUNTS("dataset with its counts", Unit.REQUEST, Service.INGEST, Needs.ROWS),
    FREEZE("freeze a version", Unit.IMAGE, Service.INGEST, Needs.ROWS),
    EMBED("embed", Unit.IMAGE, Service.FEATURE, Needs.FILES),
    EMBED_AGAIN("embed again, all cached", Unit.IMAGE, Service.FEATURE, Needs.ROWS),
    PLAN("queue all, nothing cached", Unit.IMAGE, Service.FEATURE, Needs.ROWS),
    CANCEL("cancel that job", Unit.REQUEST, Service.FEATURE, Needs.ROWS),
    FORGET("forget what it waited for", Unit.IMAGE, Service.FEATURE, Needs.ROWS),
    TRAIN("train a head, one pass", Unit.IMAGE, Service.TRAINER, Needs.FILES),
    DELETE("delete the dataset", Unit.REQUEST, Service.INGEST, Needs.ROWS),
    REMOVE("remove its rows", Unit.IMAGE, Service.INGEST, Needs.ROWS);

    private final String title;
    private final Unit unit;
    private final Service service;
    private final Needs needs;

    ScaleStep(String title, Unit unit, Service service, Needs needs) {
        this.title = title;
        this.unit = unit;
        this.service = service;
        this.needs = needs;
    }

    /// Gives the steps that are taken with datasets of files, or of rows alone.
    static List<ScaleStep> of(boolean rows) {
        return Arrays.stream(values())
                .filter(step -> !rows || step.needs == Needs.ROWS)
                .toList();
    }

    /// Says what it is, for users.
    String title() {
        return title;
    }

    /// Gives what its cost is measured in.
    Unit unit() {
        return unit;
    }

    /// Gives the service that does the work.
    Service service() {
        return service;
    }

    /// What of its images a step looks at.
    private enum Needs {
        /// Their rows in the database.
        ROWS,
        /// Their files.
        FILES
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
