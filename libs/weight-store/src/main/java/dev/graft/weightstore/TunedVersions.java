package dev.graft.weightstore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelVersionName;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.PreprocessingForm;
import dev.graft.networks.network.TransferLayer;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.weightstore.UnusableChoiceException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The backbones of model versions that were fine-tuned, as the bundles of these versions describe them. A
/// version is there when its `model.json` is, which is written last and deleted first. Nothing is
/// remembered.
///
/// @param store where bundles are; stays the caller's
record TunedVersions(ObjectStore store) {
    private static final System.Logger LOG = System.getLogger(TunedVersions.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What is read of `model.json`.
    ///
    /// @param backbone what the version was trained on
    /// @param lineage  that, and what it was fine-tuned from, the nearest first; absent in files of earlier
    ///     releases, which knew weight sets only
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Card(
            String backbone,
            @Nullable List<String> lineage,
            Extracted extractor,
            ModelCard.Preprocessing preprocessing,
            Map<String, ModelCard.BundleFile> files) {
        private Card {
            requireNonNull(backbone);
            requireNonNull(extractor);
            requireNonNull(preprocessing.interpolation());
            requireNonNull(files);
        }

        Backbone.Tuned tuned() {
            return new Backbone.Tuned(
                    Objects.requireNonNullElseGet(lineage, () -> List.of(backbone)),
                    TransferLayer.parse(extractor.layer()));
        }

        PreprocessingForm recipe() {
            return new PreprocessingForm(
                    preprocessing.inputSize(),
                    preprocessing.cropFraction(),
                    preprocessing.interpolation(),
                    preprocessing.mean(),
                    preprocessing.std());
        }
    }

    /// @param layer where the version's features were taken
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Extracted(String layer) {
        private Extracted {
            requireNonNull(layer);
        }
    }

    /// Finds the backbone of a version.
    ///
    /// @param written the version's name
    /// @param catalogue the weight sets that there are
    /// @throws UnusableChoiceException `VERSION_UNUSABLE` when there is no such version, or it was not
    ///     fine-tuned
    Backbone get(String written, Catalogue catalogue) {
        ModelVersionName name = name(written);
        try {
            return backbone(name, card(name), catalogue);
        } catch (ObjectNotFoundException _) {
            throw unusable("There is no version %d of a model %s, or it was deleted; ./graft models lists the models."
                    .formatted(name.version(), name.model()));
        } catch (IOException | ObjectTooLargeException | IllegalArgumentException e) {
            // A newer release may write it in another form.
            LOG.log(Level.WARNING, "Bundle is illegible model=" + name, e);
            throw unusable("This release cannot read model.json of %s.".formatted(name));
        }
    }

    private static ModelVersionName name(String written) {
        try {
            return ModelVersionName.parse(written);
        } catch (IllegalArgumentException _) {
            throw unusable("There is no backbone %s: a fine-tuned version of a model is named %s, such as flowers@3."
                    .formatted(written, ModelVersionName.FORM));
        }
    }

    private Card card(ModelVersionName name) throws IOException {
        byte[] json = store.read(name.bundlePrefix() + ModelCard.FILE, ModelCard.MAX_SIZE_BYTES);
        return Optional.ofNullable(JSON.readValue(json, Card.class))
                .orElseThrow(() -> new IllegalArgumentException("model.json is null"));
    }

    private static Backbone backbone(ModelVersionName name, Card card, Catalogue catalogue) {
        ModelCard.BundleFile weights = card.files().get(ModelCard.BACKBONE);
        if (weights == null) {
            throw unusable(
                    "%s was not fine-tuned: its backbone is %s. Choose that one.".formatted(name, card.backbone()));
        }
        return catalogue.tuned(name.toString(), card.tuned(), card.recipe().recipe(), weights.sha256());
    }

    private static UnusableChoiceException unusable(String detail) {
        return new UnusableChoiceException(Reason.VERSION_UNUSABLE, detail);
    }

    /// Returns the key of the file that a version was fine-tuned to.
    static String key(Backbone backbone) {
        return ModelVersionName.parse(backbone.name()).bundlePrefix() + ModelCard.BACKBONE;
    }
}
