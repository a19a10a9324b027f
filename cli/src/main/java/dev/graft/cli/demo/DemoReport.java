package dev.graft.cli.demo;

import dev.graft.cli.prediction.Prediction;
import java.util.List;
import java.util.Map;

/// What the demo did, as `--json` prints it.
///
/// @param images      how many images the dataset has
/// @param classes     of these, how many of each label
/// @param report      the file that holds the report
/// @param predictions what the model says about images that it has not seen
record DemoReport(
        String dataset,
        long images,
        Map<String, Long> classes,
        String backbone,
        double testAccuracy,
        String report,
        List<Prediction> predictions,
        double seconds) {}
