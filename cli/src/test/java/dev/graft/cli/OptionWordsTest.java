package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.rest.FineTuneRequest;
import dev.graft.cli.rest.ReportedProblemException;
import dev.graft.cli.rest.TrainingRequest;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What a service says of fields is said of options.
class OptionWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /fineTuning/learningRate | learningRate is 1.0E-7 to 1.0, not 5.0.         | --learning-rate is 1.0E-7 to 1.0, not 5.0.
            /learningRate            | leave learningRate out, or choose adam.         | leave --head-learning-rate out, or choose adam.
            /fineTuning/warmUpEpochs | Leave warmUpEpochs out.                         | Leave --warm-up out.
            /fineTuning/learningRate | It diverged: no number. Choose a smaller learningRate. | It diverged: no number. Choose a smaller --learning-rate.
            /model                   | /model is too long.                             | --model is too long.
            /dataset                 | /dataset must be a name.                        | DATASET must be a name.
            /precision               | precision is f32 or int8, not 'f16'.            | --precision is f32 or int8, not 'f16'.
            /precision               | Leave precision out, or fineTune.               | Leave precision out, or --fine-tune.
            /inputSize               | Choose inputSize, or fineTuning.warmUpEpochs.   | Choose --input-size, or --warm-up.
            /head                    | Heads of inputSize='aB' and oneThing are taken. | Heads of inputSize='aB' and oneThing are taken.
            """)
    void fieldsAreOptionsOrParametersWhereACommandHasThem(String pointer, String said, String shown) {
        assertThat(wordsOf("train", "birds", "--fine-tune", "blocks.6")
                        .sentence(new ReportedProblemException(said, "Choose another.", pointer)))
                .isEqualTo(shown);
    }

    @Test
    void theRateOfATrainingWithoutFineTuningIsTheHeads() {
        assertThat(wordsOf("train", "birds")
                        .sentence(new ReportedProblemException("learningRate is 1, not 2.", "", "/learningRate")))
                .isEqualTo("--learning-rate is 1, not 2.");
    }

    /// A fault that is found while a run is under way may be of no one field.
    @Test
    void namesOfFieldsAreOptionsWhereNoneIsAtFault() {
        assertThat(wordsOf("train", "birds")
                        .sentence(new ReportedProblemException(
                                "A smaller learningRate may help: aB is no number.", "", null)))
                .isEqualTo("A smaller --learning-rate may help: aB is no number.");
    }

    static Stream<String> fields() {
        return Stream.concat(
                Stream.of(TrainingRequest.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .filter(name -> !name.equals("fineTuning"))
                        .map(name -> "/" + name),
                Stream.of(FineTuneRequest.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(name -> "/fineTuning/" + name));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldOfATrainingHasAnOption(String pointer) {
        assertThat(wordsOf("train", "birds").option(pointer)).isPresent();
    }

    private static OptionWords wordsOf(String... arguments) {
        CommandLine graft = Graft.commandLine();
        return OptionWords.of(
                graft.parseArgs(arguments).subcommand().commandSpec().commandLine());
    }
}
