package dev.graft.trainer.finetune;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.networks.training.Schedule.Course;
import dev.graft.pytorch.training.Descent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the upper stages of a backbone are fine-tuned, complete. Immutable.
///
/// @param stages stages, layers or patterns that are unfrozen; `all` alone is everything
/// @param optimizer `adam`, `adamw`, `sgd` or `rmsprop`
/// @param epochs passes over the images at most
/// @param batchSize images in a step
/// @param learningRate the greatest learning rate, of the head and of the uppermost stage
/// @param layerDecay what the rate is multiplied by from stage to stage towards the input
/// @param schedule `constant`, `cosine`, `one-cycle` or `step`
/// @param warmUpEpochs epochs in which the rate rises to its greatest
/// @param weightDecay pull of weights towards zero
/// @param momentum of `sgd` and `rmsprop`
/// @param labelSmoothing share of each target that goes to all classes alike
/// @param clipNorm the greatest norm that all gradients may have together; absent: any
/// @param patience epochs without a better one after which the training ends
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FineTuneSettings(
        List<String> stages,
        String optimizer,
        int epochs,
        int batchSize,
        double learningRate,
        double layerDecay,
        String schedule,
        double warmUpEpochs,
        double weightDecay,
        double momentum,
        double labelSmoothing,
        @Nullable Double clipNorm,
        int patience) {
    /// The name that stands for all stages.
    public static final String ALL = "all";

    /// Copies the stages.
    public FineTuneSettings {
        stages = List.copyOf(stages);
    }

    /// Returns the rule by which parameters are moved.
    ///
    /// @throws IllegalArgumentException when there is no such rule, or one of its numbers is out of range
    @JsonIgnore
    public Descent descent() {
        return switch (optimizer) {
            case "adam" -> new Descent.Adam(weightDecay);
            case "adamw" -> new Descent.AdamW(weightDecay);
            case "sgd" -> new Descent.Sgd(momentum, weightDecay);
            case "rmsprop" -> new Descent.RmsProp(momentum, weightDecay);
            default -> throw new IllegalArgumentException("no optimizer is named " + optimizer);
        };
    }

    /// Returns how the learning rate goes on after the warm-up.
    ///
    /// @throws IllegalArgumentException when there is no such schedule
    @JsonIgnore
    public Course course() {
        return Course.valueOf(schedule.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
