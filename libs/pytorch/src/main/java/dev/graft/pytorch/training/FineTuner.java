package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.inference.NativeBuffers;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.Constants;
import dev.graft.pytorch.Pass;
import dev.graft.pytorch.PyTorch;
import dev.graft.pytorch.TensorCopies;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Trains some steps of a network, step by step, and leaves all else as it is.
///
/// A step takes the gradient of the loss over a batch, in parts that several lanes take in turns and whose
/// gradients add up in one order, and moves the parameters once. The same network, weights, batches, rates
/// and settings give the same bytes on one kind of CPU and one version of PyTorch. Parts of another size,
/// and another number of lanes, round differently.
///
/// On a CUDA device there is one lane, and a part is as large as the free memory is expected to hold, up to
/// the whole batch. Where it turns out not to, what was allocated is freed and the step is done again in
/// parts of half the size, which later steps keep to. Nothing has moved before, so the result is that of
/// the smaller parts. Kernels of CUDA add in an order of their own, so that results agree there to what
/// float32 rounds, not to the byte.
///
/// Belongs to the thread that made it, which is the first lane: PyTorch's number of threads and whether gradients are
/// on are matters of a thread, and gradients are on there only inside a call. Native memory and the other lanes belong
/// to the tuner and are freed by [#close], which any thread may call when no other call runs. An interrupt is left to
/// the caller: a call ends its step first.
public final class FineTuner implements AutoCloseable {
    /// What is added to the norm of gradients before it divides, as PyTorch's `clip_grad_norm_` does.
    private static final double CLIP_EPSILON = 1e-6;

    private final Thread owner = Thread.currentThread();
    private final NDManager manager;
    private final UpperPart part;

    /// Without derivatives, for which float32 is always used, as where the network is served.
    private final Pass pass;

    private final Pass differentiated;
    private final Optimiser optimiser;

    /// Shape of what dropout is about.
    private final Optional<dev.graft.networks.network.Shape> dropped;

    private final TuningSettings settings;
    private final NativeBuffers buffers;
    private final int laneCount;
    private final Lanes lanes;
    private final PartRows partRows;

    private FineTuner(NDManager manager, UpperPart part, TuningSettings settings, Optional<DeviceMemory> own) {
        this.manager = manager;
        this.part = part;
        this.pass = Pass.differentiated(part.steps());
        this.differentiated = settings.mixedPrecision() ? Pass.differentiatedInMixedPrecision(part.steps()) : pass;
        this.dropped = settings.dropout().map(dropout -> argument(part, dropout.step()));
        this.optimiser =
                new Optimiser(manager, settings.descent(), part.trained().values());
        this.settings = settings;
        this.buffers = new NativeBuffers(settings.microBatch());
        this.laneCount = own.isPresent() ? 1 : settings.lanes();
        this.lanes = new Lanes(laneCount);
        this.partRows = own.map(memory -> planned(memory, part, settings.mixedPrecision()))
                .orElseGet(() -> PartRows.fixed(settings.microBatch()));
    }

    private static PartRows planned(DeviceMemory memory, UpperPart part, boolean mixedPrecision) {
        long trained = part.trained().values().stream()
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        return PartRows.of(
                memory,
                StepMemory.fixedBytes(part.network(), trained, mixedPrecision),
                StepMemory.rowBytes(part.network(), mixedPrecision));
    }

    /// Copies weights into PyTorch's memory.
    ///
    /// @param network the upper part of a network ([Network#from]) and the head behind it, or a whole network;
    ///     its result is one row of logits
    /// @param weights its weights, the head's among them, needed only during this call
    /// @param trained the steps that are trained
    /// @param device where it is trained; `Auto` means the CPU
    /// @throws IllegalArgumentException when the result is no row, or none of the steps has learned parameters
    /// @throws dev.graft.networks.weights.MalformedWeightsException when the weights are not the network's
    /// @throws OutOfDeviceMemoryException when a CUDA device does not hold the weights
    /// @throws ai.djl.engine.EngineException when PyTorch cannot be loaded
    public static FineTuner of(
            Network network, Weights weights, Collection<Node> trained, TuningSettings settings, ComputeDevice device) {
        return switch (device) {
            case ComputeDevice.Cpu _, ComputeDevice.Auto _ ->
                of(network, weights, trained, settings, device, Optional.empty());
            case ComputeDevice.Cuda cuda ->
                of(network, weights, trained, settings, device, Optional.of(new CudaMemory(cuda)));
        };
    }

    /// Copies weights into PyTorch's memory, as [#of(Network, Weights, Collection, TuningSettings,
    /// ComputeDevice)].
    ///
    /// @param own the memory that the device has besides that of the process, which bounds the rows of a part
    static FineTuner of(
            Network network,
            Weights weights,
            Collection<Node> trained,
            TuningSettings settings,
            ComputeDevice device,
            Optional<DeviceMemory> own) {
        if (network.outputShape().rank() != 1) {
            throw new IllegalArgumentException(
                    network.output().name() + " gives " + network.outputShape() + " where a row of logits is wanted");
        }
        NDManager manager = PyTorch.manager(device);
        try {
            JniUtils.setNumThreads(1);
            return own.orElseGet(HostMemory::new).compute(1, () -> {
                UpperPart part = UpperPart.of(manager, network, weights, trained, settings.rateFactors());
                return new FineTuner(manager, part, settings, own);
            });
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static dev.graft.networks.network.Shape argument(UpperPart part, String name) {
        return part.steps().stream()
                .filter(step -> step.name().equals(name))
                .map(step -> step.inputShapes().getFirst())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no step " + name));
    }

    /// Trains one step.
    ///
    /// @param inputs float32 `[rows, …]`, what the network takes, from the buffer's position to its limit; not
    ///     to be changed meanwhile. A direct buffer in native byte order spares a copy
    /// @param targets what the rows are to be
    /// @param rate the learning rate of this step
    /// @return the loss of the batch before the step
    /// @throws IllegalArgumentException when inputs and targets are not as many rows
    /// @throws DivergedException when the loss or the gradient is not finite; nothing has moved then
    /// @throws OutOfDeviceMemoryException when a CUDA device does not hold one row
    /// @throws IllegalStateException on another thread than the tuner's
    public double step(FloatBuffer inputs, Targets targets, double rate) {
        try (NDManager scope = manager.newSubManager()) {
            Differentiated found = differentiate(scope, inputs, targets);
            return partRows.compute(
                    1,
                    () -> withGradients(false, () -> {
                        double scale = clipping(found.gradients());
                        optimiser.begin();
                        part.trained().forEach((name, parameter) -> {
                            try (NDArray gradient = gradient(found, name)) {
                                if (scale < 1) {
                                    gradient.muli(scale);
                                }
                                optimiser.move(parameter, gradient, rate * parameter.rateFactor());
                            }
                        });
                        return found.loss();
                    }));
        }
    }

    /// The loss of a batch, and its gradients by the trained parameters as published.
    record Differentiated(double loss, SequencedMap<String, NDArray> gradients) {}

    /// Differentiates the loss of a batch.
    ///
    /// @param scope owner of the gradients
    Differentiated differentiate(NDManager scope, FloatBuffer inputs, Targets targets) {
        requireRows(inputs, targets.rows());
        requireOwner();
        return partRows.fitting(targets.rows(), rows -> {
            NDManager attempt = scope.newSubManager();
            try {
                Parts parts = Parts.of(targets.rows(), rows, laneCount);
                return partRows.compute(rows, () -> differentiate(attempt, parts, inputs, targets));
            } catch (RuntimeException | Error e) {
                attempt.close();
                throw e;
            }
        });
    }

    private Differentiated differentiate(NDManager scope, Parts parts, FloatBuffer inputs, Targets targets) {
        FoldedLeaves leaves = withGradients(false, () -> FoldedLeaves.differentiated(part, scope, parts.lanes()));
        double[] losses = new double[parts.count()];
        parts.forEach(lanes, (lane, index, first, count) -> {
            Targets wanted = targets.rows(first, count);
            losses[index] = buffers.withNative(
                    rows(inputs, first, count),
                    input -> accumulate(leaves, lane, input, first, wanted, targets.rows()));
        });
        double loss = Arrays.stream(losses).reduce(0, Double::sum);
        if (!Double.isFinite(loss)) {
            throw new DivergedException("the loss is not finite");
        }
        return new Differentiated(loss, withGradients(false, leaves::gradients));
    }

    /// Adds the gradients of a part of a batch to those of the leaves. The input's memory is read by the
    /// backward pass as well, which is over when this returns.
    ///
    /// @param first index of the part's first row in its batch
    private double accumulate(FoldedLeaves leaves, int lane, FloatBuffer input, int first, Targets targets, int batch) {
        try (NDManager scope = manager.newSubManager()) {
            return GradientMode.in(true, () -> {
                NDArray logits = differentiated.run(
                        array(scope, input, targets.rows()),
                        name -> leaves.array(lane, name),
                        dropped(scope, first, targets.rows()));
                double[] slopes = new double[Math.toIntExact(logits.size())];
                double loss = settings.loss().evaluate(logits.toFloatArray(), targets, batch, slopes);
                NDArray slope = scope.create(floats(slopes), logits.getShape());
                JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
                return loss;
            });
        }
    }

    /// What is multiplied by to leave numbers out, by the step that reads them.
    private Map<String, NDArray> dropped(NDManager scope, int first, int rows) {
        if (settings.dropout().isEmpty()) {
            return Map.of();
        }
        Dropout dropout = settings.dropout().get();
        int perRow = Math.toIntExact(dropped.orElseThrow().elements());
        float[] factors = dropout.factors(optimiser.steps(), first, rows, perRow);
        return Map.of(
                dropout.step(),
                Constants.of(scope, factors, new Shape(dropped.orElseThrow().batched(rows))));
    }

    /// Computes the logits of rows, with the parameters as they are.
    ///
    /// @param inputs float32 `[rows, …]`, as in [#step]
    /// @param rows how many there are
    /// @return float32 `[rows, logits]`
    /// @throws IllegalArgumentException when the buffer does not hold as many rows
    /// @throws OutOfDeviceMemoryException when a CUDA device does not hold one row
    /// @throws IllegalStateException on another thread than the tuner's
    public float[] logits(FloatBuffer inputs, int rows) {
        requireRows(inputs, rows);
        requireOwner();
        return partRows.fitting(rows, together -> {
            Parts parts = Parts.of(rows, together, laneCount);
            return partRows.compute(together, () -> logits(inputs, parts));
        });
    }

    private float[] logits(FloatBuffer inputs, Parts parts) {
        int perRow = part.network().outputShape().at(0);
        float[] logits = new float[Math.multiplyExact(parts.rows(), perRow)];
        try (NDManager scope = manager.newSubManager()) {
            FoldedLeaves leaves = withGradients(false, () -> FoldedLeaves.of(part, scope));
            parts.forEach(lanes, (_, _, first, count) -> {
                float[] found = buffers.withNative(rows(inputs, first, count), input -> forward(leaves, input, count));
                System.arraycopy(found, 0, logits, first * perRow, found.length);
            });
            return logits;
        }
    }

    private float[] forward(FoldedLeaves leaves, FloatBuffer input, int count) {
        try (NDManager scope = manager.newSubManager()) {
            return GradientMode.in(
                    false,
                    () -> pass.run(array(scope, input, count), name -> leaves.array(0, name))
                            .toFloatArray());
        }
    }

    /// Copies the trained parameters as they are now, under their published names.
    public SequencedMap<String, FloatTensor> parameters() {
        requireOwner();
        return part.tensors();
    }

    /// Copies what the rule of descent remembers, under names of its own.
    public SequencedMap<String, FloatTensor> state() {
        requireOwner();
        return optimiser.state();
    }

    /// Returns how many steps were trained.
    public long steps() {
        return optimiser.steps();
    }

    /// Goes back to where [#parameters], [#state] and [#steps] were taken: what follows is bit for bit what
    /// followed there.
    ///
    /// @throws IllegalArgumentException when they are not those of this tuner
    public void restore(Map<String, FloatTensor> parameters, Map<String, FloatTensor> state, long steps) {
        if (!parameters.keySet().equals(part.trained().keySet())) {
            throw new IllegalArgumentException("the parameters " + parameters.keySet() + " are not those trained here");
        }
        try (NDManager scope = manager.newSubManager();
                TensorCopies copies = new TensorCopies(scope)) {
            withGradients(false, () -> {
                optimiser.restore(state, steps, copies);
                parameters.forEach((name, tensor) -> copies.into(parameter(name).array(), tensor));
                return steps;
            });
        }
    }

    /// Returns the greatest number of rows that are differentiated together by now.
    int greatestPart() {
        return partRows.greatest();
    }

    /// Returns how many arrays are open.
    int openArrays() {
        return manager.getManagedArrays().size();
    }

    /// Copies the arrays that are not trained, by the names under which the steps ask for them, and those of
    /// pairs by their published names.
    Map<String, float[]> untrained() {
        Map<String, float[]> untrained = new HashMap<>();
        part.constants().forEach((name, array) -> untrained.put(name, array.toFloatArray()));
        part.pairs().stream()
                .flatMap(FoldedPair::members)
                .filter(member -> !member.trained())
                .forEach(member ->
                        untrained.put("pair " + member.name(), member.array().toFloatArray()));
        part.pairs().forEach(pair -> {
            untrained.put("units " + pair.asOne().name(), pair.units().toFloatArray());
            untrained.put("means " + pair.asOne().name(), pair.means().toFloatArray());
        });
        return untrained;
    }

    /// Frees all native memory.
    @Override
    public void close() {
        lanes.close();
        manager.close();
        buffers.close();
    }

    /// Returns what gradients are multiplied by so that their common norm is at most the greatest that is
    /// allowed: `min(1, c / (norm + 1e-6))` (Pascanu et al., 2013, arXiv:1211.5063, as PyTorch's
    /// `clip_grad_norm_`).
    private double clipping(SequencedMap<String, NDArray> gradients) {
        double squares = 0;
        for (NDArray gradient : gradients.sequencedValues()) {
            try (NDArray ofEach = gradient.square();
                    NDArray sum = ofEach.sum()) {
                squares += sum.getFloat();
            }
        }
        double norm = Math.sqrt(squares);
        if (!Double.isFinite(norm)) {
            throw new DivergedException("the gradient is not finite");
        }
        return settings.clipNorm().isPresent() ? settings.clipNorm().getAsDouble() / (norm + CLIP_EPSILON) : 1;
    }

    private NDArray array(NDManager scope, FloatBuffer rows, int count) {
        // DJL takes bytes in native memory as they are, but copies floats wherever they lie.
        ByteBuffer bytes = MemorySegment.ofBuffer(rows).asByteBuffer().order(ByteOrder.nativeOrder());
        return scope.create(bytes, new Shape(part.network().inputShape().batched(count)), DataType.FLOAT32);
    }

    private FloatBuffer rows(FloatBuffer inputs, int first, int count) {
        int perRow = Math.toIntExact(part.network().inputShape().elements());
        return inputs.slice(inputs.position() + first * perRow, count * perRow);
    }

    private void requireRows(FloatBuffer inputs, int rows) {
        long floats = rows * part.network().inputShape().elements();
        if (inputs.remaining() != floats) {
            throw new IllegalArgumentException(inputs.remaining() + " floats are not " + rows + " rows of "
                    + part.network().inputShape());
        }
    }

    private void requireOwner() {
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("a tuner is used on the thread that made it, " + owner.getName());
        }
    }

    private <T> T withGradients(boolean on, Supplier<T> work) {
        requireOwner();
        return GradientMode.in(on, work);
    }

    private Trained parameter(String name) {
        Trained parameter = part.trained().get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(name + " is not trained");
        }
        return parameter;
    }

    private static NDArray gradient(Differentiated found, String name) {
        NDArray gradient = found.gradients().get(name);
        if (gradient == null) {
            throw new IllegalStateException("no gradient was found for " + name);
        }
        return gradient;
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
