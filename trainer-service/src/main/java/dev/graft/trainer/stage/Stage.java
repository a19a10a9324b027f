package dev.graft.trainer.stage;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.head.TrainingListener;
import java.util.Map;
import java.util.Optional;

/// One stage of a run.
public interface Stage {
    /// Names the stage in rows, keys and metrics: small letters.
    String name();

    /// Says whether a run on this material has this stage.
    default boolean isWanted(Material material) {
        return true;
    }

    /// Gives the phase in which users see the run meanwhile.
    Phase phase();

    /// Gives the units of progress.
    long total(Material material);

    /// Computes the output: the same bytes for the same material and earlier outputs, in every process. Blocks.
    ///
    /// @param earlier outputs of the stages before, by name
    /// @param progress receives how far it is, in the units of [#total]
    /// @throws java.util.concurrent.CancellationException when the thread is interrupted, within a second
    byte[] compute(Material material, Map<String, byte[]> earlier, Checkpoints checkpoints, TrainingListener progress);

    /// Keeps how far a stage has come, so that another attempt goes on there. Belongs to the thread that computes.
    interface Checkpoints {
        /// Gives what was kept last, by this attempt or one before; empty when nothing was, or it is lost.
        Optional<byte[]> last();

        /// Keeps a state in place of the last one. Counts as progress of the run's job.
        void keep(byte[] state);
    }
}
