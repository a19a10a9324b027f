package dev.graft.trainer.finetune;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.networks.training.Schedule.Course;
import dev.graft.pytorch.training.Descent;
import dev.graft.vision.augment.Augmentation;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the upper stages of a backbone are fine-tuned, or a head alone learns from varied images, complete. Immutable.
///
/// @param stages stages, layers or patterns that are unfrozen; `all` alone is everything, and none leaves the head
///     alone to learn
/// @param joint whether the head begins anew; otherwise from where it has converged
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
/// @param dropout share of the inputs of the head's last layer that are left out at random
/// @param clipNorm the greatest norm that all gradients may have together; absent: any
/// @param patience epochs without a better one after which the training ends
/// @param mixedPrecision whether the loss is differentiated in bfloat16; parameters are float32 all the same
/// @param augment how the images that are learned from are varied, in full; absent: not
/// @param augmentVariants variants of each image, which epochs see in turn; absent: each epoch sees another
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FineTuneSettings(
        List<String> stages,
        boolean joint,
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
        double dropout,
        @Nullable Double clipNorm,
        int patience,
        boolean mixedPrecision,
        @Nullable String augment,
        @Nullable Integer augmentVariants) {
    /// The name that stands for all stages.
    public static final String ALL = "all";

    /// Copies the stages.
    public FineTuneSettings {
        stages = List.copyOf(stages);
    }

    /// Returns whether nothing but the head learns.
    @JsonIgnore
    public boolean isHeadAlone() {
        return stages.isEmpty();
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

    /// Returns how the images that are learned from are varied.
    ///
    /// @throws IllegalArgumentException when the specification is not understood
    @JsonIgnore
    public Augmentation augmentation() {
        return augment == null ? Augmentation.NONE : Augmentation.parse(augment);
    }

    /// Returns the same without an augmentation.
    public FineTuneSettings unvaried() {
        return new FineTuneSettings(
                stages,
                joint,
                optimizer,
                epochs,
                batchSize,
                learningRate,
                layerDecay,
                schedule,
                warmUpEpochs,
                weightDecay,
                momentum,
                labelSmoothing,
                dropout,
                clipNorm,
                patience,
                mixedPrecision,
                null,
                null);
    }

    /// Returns how many variants of the images epochs may see, each of them a pass through the frozen part.
    /// Images that are not varied are one.
    public int shownVariants() {
        return augment == null ? 1 : Math.min(epochs, Objects.requireNonNullElse(augmentVariants, epochs));
    }

    /// Returns of how many variants rows are kept at one time.
    public int keptVariants() {
        return augmentVariants == null ? 1 : shownVariants();
    }

    /// Returns which variant an epoch sees, from 1.
    ///
    /// @param epoch from 1
    int variant(int epoch) {
        return 1 + (epoch - 1) % shownVariants();
    }
}
