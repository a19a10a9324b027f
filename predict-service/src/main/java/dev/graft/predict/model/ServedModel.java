package dev.graft.predict.model;

import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A model version that is loaded and tested.
///
/// It counts who holds it: the shelf while it is in production, and each request from [ModelShelf#lend] to
/// [#close]. The last holder who lets go closes the network, so that a swap neither cuts a request off nor leaks.
public final class ServedModel implements AutoCloseable {
    private final ModelPublished published;
    private final ModelCard card;
    private final Preprocessor preprocessor;
    private final ServedNetwork network;
    private final AtomicInteger holders = new AtomicInteger(1);

    ServedModel(ModelPublished published, ModelCard card, ServedNetwork network, DecodeLimits limits) {
        this.published = published;
        this.card = card;
        this.preprocessor = new Preprocessor(Recipes.of(card.preprocessing()), limits);
        this.network = network;
    }

    /// Gives the record that put it into production.
    ModelPublished published() {
        return published;
    }

    /// Gives the model's name.
    public String name() {
        return card.model();
    }

    /// Gives the version.
    public int version() {
        return card.version();
    }

    /// Gives the labels, in the order of the probabilities.
    public List<String> labels() {
        return card.labels();
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
    boolean tryHold() {
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

    boolean isClosed() {
        return holders.get() == 0;
    }
}
