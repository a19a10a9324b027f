package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Computes single steps in bfloat16, for networks whose parameters are float32 and stay so (Kalamkar et
/// al., 2019, arXiv:1905.12322): parameters and arguments are rounded when a step reads them, and sums
/// inside a step are float32. Normalisations, which take differences of numbers that are near each other,
/// are computed in float32. bfloat16 has the range of float32, so that small slopes are not lost and no
/// loss has to be scaled.
///
/// What is rounded belongs to the step and is closed with it; PyTorch keeps what it needs for the backward
/// pass.
///
/// @param parameters gives the array of a parameter, float32, by its name
record MixedArithmetic(Function<String, NDArray> parameters) implements Arithmetic {
    @Override
    public NDArray compute(Step step, List<NDArray> inputs) {
        ScriptedFunction type = isNormalisation(step) ? ScriptedFunction.TO_FLOAT32 : ScriptedFunction.TO_BFLOAT16;
        try (Changed changed = new Changed(type)) {
            StepArithmetic arithmetic = new StepArithmetic(name -> changed.of(parameters.apply(name)), true);
            return arithmetic.compute(step, inputs.stream().map(changed::of).toList());
        }
    }

    private static boolean isNormalisation(Step step) {
        return step.op() instanceof Op.BatchNorm || step.op() instanceof TransformerOp.LayerNorm;
    }

    /// Arrays whose type a step has changed. What has the type already is the same memory.
    private static final class Changed implements AutoCloseable {
        private final ScriptedFunction type;
        private final List<NDArray> arrays = new ArrayList<>();

        Changed(ScriptedFunction type) {
            this.type = type;
        }

        NDArray of(NDArray array) {
            NDArray changed = type.compute(array);
            arrays.add(changed);
            return changed;
        }

        @Override
        public void close() {
            arrays.forEach(NDArray::close);
        }
    }
}
