package dev.graft.trainer.head;

/// Says how far the training of a convex head is, in thousandths of the work: the search for the strength of its
/// regularisation, then the steps on all pictures.
///
/// Both cost the rows that a training reads times the trainings. How many steps the last one takes is not known before;
/// each is taken for an equal share of what then remains.
final class ConvexProgress {
    private static final int WHOLE = 1000;
    /// The last training has a finer tolerance, and so takes about so many times the steps of one of the search.
    private static final double LAST_TRAINING = 2;

    private static final double SHARE_OF_STEP = 0.08;

    private final TrainingListener listener;
    private final int search;

    private ConvexProgress(TrainingListener listener, int search) {
        this.listener = listener;
        this.search = search;
    }

    static ConvexProgress of(FeatureMatrix features, int classes, TrainingListener listener) {
        StrengthSearch.Plan plan = StrengthSearch.Plan.of(features.rows(), features.columns(), classes);
        double search =
                (double) plan.rows() * plan.trainings() * plan.strengths().size();
        double last = LAST_TRAINING * features.rows();
        return new ConvexProgress(listener, (int) Math.round(WHOLE * search / (search + last)));
    }

    void tried(int strengths, int of, double accuracy) {
        listener.advanced(Advance.of(search * strengths / of, WHOLE, null, accuracy));
    }

    void stepped(int step, double loss, double accuracy) {
        double done = 1 - Math.pow(1 - SHARE_OF_STEP, step);
        listener.advanced(Advance.of(
                Math.min(WHOLE - 1, search + (int) ((WHOLE - search) * done)), WHOLE, loss, accuracy));
    }

    void done(double loss, double accuracy) {
        listener.advanced(Advance.of(WHOLE, WHOLE, loss, accuracy));
    }
}
