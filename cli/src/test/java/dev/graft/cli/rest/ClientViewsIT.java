package dev.graft.cli.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.GraftProgram;
import dev.graft.cli.SharedStack;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Holds what the command line reads and writes against what the services say of themselves.
@ExtendWith(SharedStack.class)
class ClientViewsIT {
    private static final Map<String, DescribedRecords> DOCUMENTS = new HashMap<>();

    @BeforeAll
    static void readTheDocuments(GraftProgram graft) throws IOException {
        assertThat(graft.run("up", "--detach").status()).isZero();
        JsonNode parts = graft.run("status", "--json").json().get("parts");
        for (JsonNode part : parts) {
            String name = part.get("name").asText();
            if (List.of("ingest", "feature", "trainer", "predict").contains(name)) {
                URI document = URI.create(part.get("address").asText() + "/q/openapi?format=json");
                DOCUMENTS.put(name, new DescribedRecords(new ObjectMapper().readTree(document.toURL())));
            }
        }
    }

    @Test
    void areWhatIngestServes() {
        DescribedRecords ingest = DOCUMENTS.get("ingest");
        assertThat(Stream.of(
                                ingest.faults(DatasetView.class, "DatasetView"),
                                ingest.faults(VersionView.class, "VersionView"),
                                ingest.faults(ImportView.class, "ImportView"),
                                ingest.faults(ProblemView.class, "Problem"))
                        .flatMap(faults -> faults))
                .isEmpty();
    }

    @Test
    void areWhatFeatureServes() {
        DescribedRecords feature = DOCUMENTS.get("feature");
        assertThat(Stream.of(
                                feature.faults(EmbeddingJobView.class, "EmbeddingJobView"),
                                feature.faults(EmbeddingView.class, "EmbeddingView"),
                                feature.faults(CalibrationView.class, "CalibrationView"))
                        .flatMap(faults -> faults))
                .isEmpty();
    }

    @Test
    void areWhatTrainerServesAndTakes() {
        DescribedRecords trainer = DOCUMENTS.get("trainer");
        assertThat(Stream.of(
                                trainer.faults(TrainingRunView.class, "TrainingRunView"),
                                trainer.faults(TrainingRequest.class, "TrainingRunRequest"),
                                trainer.missing(TrainingRequest.class, "TrainingRunRequest"))
                        .flatMap(faults -> faults))
                .isEmpty();
    }

    @Test
    void areWhatPredictServes() {
        assertThat(DOCUMENTS.get("predict").faults(PredictionView.class, "FilePredictionView"))
                .isEmpty();
    }
}
