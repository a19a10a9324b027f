package dev.graft.trainer.report;

import java.util.List;
import java.util.Optional;

/// What the template of the report shows: all numbers are written out, nothing is markup.
///
/// @param splitsText  which images served for what, in sentences
/// @param warning     what is missing; empty when nothing is
/// @param variants    what was learned from, and how it was varied; empty when it was not
/// @param matrices    the confusion matrix, and before it that of the backbone as it was where it was
///     fine-tuned; empty when they would be too large to read, and `confusions` stands for them
/// @param changes     images that fine-tuning has moved from one side to the other; empty when nothing was
///     fine-tuned
/// @param mistakes    the worst ones
/// @param recognised  right answers of all classes
/// @param network     what the model consists of
/// @param files       those of the bundle but this one, with their sizes
record ReportPage(
        String style,
        String name,
        int version,
        Accuracy accuracy,
        List<Fact> tiles,
        List<String> splitsText,
        String warning,
        List<LineChart.Drawing> charts,
        List<VariantRow> variants,
        List<Matrix> matrices,
        List<Confusion> confusions,
        List<String> labels,
        List<ClassRow> classes,
        String mistakesNote,
        List<Change> changes,
        List<ImageCard> mistakes,
        List<ImageCard> recognised,
        NetworkTable network,
        List<Fact> files,
        List<Fact> settings,
        List<Fact> lineage) {

    public String classCount() {
        return Figures.count(labels.size());
    }

    /// A name and a value.
    ///
    /// @param digest whether the value is a long identifier
    record Fact(String name, String value, boolean digest) {
        Fact(String name, String value) {
            this(name, value, false);
        }
    }

    /// What a model consists of.
    ///
    /// @param stages in order, the head last
    /// @param layers those that have parameters
    /// @param totals how many parameters were trained, in a sentence
    record NetworkTable(List<LayerRow> stages, List<LayerRow> layers, String totals) {}

    /// A stage, or a layer of one.
    ///
    /// @param trained how many of the parameters were trained; empty where none
    record LayerRow(String name, String type, String shape, String parameters, String trained) {}

    /// The share of right answers, with its interval, also as percentages of a scale.
    record Accuracy(
            String share,
            String low,
            String high,
            String right,
            String images,
            String left,
            String width,
            String point) {}

    /// A confusion matrix.
    ///
    /// @param title empty where there is only one
    record Matrix(String title, List<MatrixRow> rows) {}

    /// Images that are answered right now and were not before, or the other way round.
    record Change(String title, String note, List<ChangedCard> cards) {}

    /// An image with what was answered to it now and before.
    record ChangedCard(ImageCard now, String before, String probabilityBefore) {}

    /// A row of a confusion matrix.
    record MatrixRow(String label, List<Cell> cells) {}

    /// How often a class was taken for another one.
    ///
    /// @param kind  names of classes of the style
    /// @param depth of the colour
    record Cell(long count, String kind, String depth, String share) {
        public boolean none() {
            return count == 0;
        }
    }

    /// A frequent mistake.
    record Confusion(String truth, String answer, String times) {}

    /// How well a class is recognised.
    record ClassRow(String label, String images, List<Bar> bars) {}

    /// A share as a bar.
    record Bar(String width, String text) {}

    /// An image that was learned from, and what epochs saw of it.
    ///
    /// @param original JPEG in Base64
    /// @param variants JPEG in Base64 each, of the first epochs
    record VariantRow(String imageId, String original, List<String> variants) {}

    /// An image with what was answered to it.
    ///
    /// @param thumbnail JPEG in Base64; empty when the image is gone
    record ImageCard(
            String imageId,
            String truth,
            String answered,
            String probability,
            String trueProbability,
            Optional<String> thumbnail) {}
}
