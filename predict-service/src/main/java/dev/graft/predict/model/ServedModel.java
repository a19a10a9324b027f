package dev.graft.predict.model;

import dev.graft.vision.Preprocessor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A model version that is loaded and tested.
///
/// It counts who holds it: the shelf while it is in production, and each request from [ModelShelf#lend] to
/// [#close]. The last holder who lets go closes the network, so that a swap neither cuts a request off nor
/// leaks.
public final class ServedModel implements AutoCloseable {
    private final String name;
    private final int version;
    private final List<String> labels;
    private final Preprocessor preprocessor;
    private final ServedNetwork network;
    private final AtomicInteger holders = new AtomicInteger(1);

    /// Takes over a network, whose maker is the first holder.
    ///
    /// @param labels in the order of the network's probabilities
    public ServedModel(
            String name, int version, List<String> labels, Preprocessor preprocessor, ServedNetwork network) {
        this.name = name;
        this.version = version;
        this.labels = List.copyOf(labels);
        this.preprocessor = preprocessor;
        this.network = network;
    }

    /// Gives the model's name.
    public String name() {
        return name;
    }

    /// Gives the version.
    public int version() {
        return version;
    }

    /// Gives the labels, in the order of the probabilities.
    public List<String> labels() {
        return labels;
    }

    /// Gives the side of the square input in pixels.
    public int inputSize() {
        return network.inputSize();
    }

    /// Gives what turns a file into the network's pixels.
    public Preprocessor preprocessor() {
        return preprocessor;
    }

    /// Computes probabilities on the calling thread.
    ///
    /// @param pixels uint8 [pictures, inputSize, inputSize, 3], as [#preprocessor] gives them
    /// @return float32 [pictures][labels]
    public float[][] classify(byte[] pixels) {
        return network.classify(pixels);
    }

    /// Becomes a holder; false when the last one has let go already.
    public boolean tryHold() {
        for (int count = holders.get(); count > 0; count = holders.get()) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
        }
        return false;
    }

    /// Lets go.
    @Override
    public void close() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("nobody held " + name());
        }
        if (left == 0) {
            network.close();
        }
    }
}
