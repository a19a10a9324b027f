package dev.graft.pytorch.engine;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.network.Window;
import java.util.List;
import java.util.stream.IntStream;

/// A small network in which every operation and every activation stands at least once, in forms that differ: grouped
/// and rectangular windows, both paddings, normalisations and scales that can be folded and some that cannot, a window
/// over the whole map.
final class EverythingNetwork {
    private EverythingNetwork() {}

    static Network ofSize(int inputSize) {
        NetworkBuilder net = new NetworkBuilder("everything", inputSize);
        net.stage("stem").convWithBias("stem", 8, Window.square(3).stride(2).same());
        net.batchNorm("stem_bn", 1e-3, Activation.RELU);
        net.then("pool", new PoolingOp.MaxPool(Window.square(3).stride(2).same()));
        String pooled = net.last();
        net.stage("left").then("left.conv", new Op.Conv2d(12, Window.of(1, 5), 4, true));
        net.activate("left.act", Activation.GELU);
        net.then("left.pad", new PoolingOp.MaxPool(Window.square(3).padded(1)));
        net.conv("left.narrow", 12, Window.of(5, 1));
        String left = net.last();
        net.stage("right").resumeAt(pooled).batchNorm("right.bn", 1e-5, Activation.SWISH);
        net.conv("right.conv", 12, Window.square(5));
        String unfolded = net.last();
        net.batchNorm("right.bn2", 1e-5, Activation.RELU6).add("right.add", unfolded);
        net.add("join.add", left).activate("join.act", Activation.SIGMOID);
        String joined = net.last();
        net.stage("joined")
                .then("average", new PoolingOp.AveragePool(Window.square(3).padded(1), false));
        String inside = net.last();
        net.resumeAt(joined)
                .then("average2", new PoolingOp.AveragePool(Window.square(3).padded(1), true));
        net.concat("concat", List.of(inside, net.last(), joined));
        net.stage("excited").then("squeeze", new PoolingOp.Squeeze());
        net.convWithBias("reduce", 3, Window.square(1)).activate("reduce.act", Activation.SWISH);
        net.convWithBias("expand", 36, Window.square(1)).activate("gate", Activation.SIGMOID);
        net.excite("excite", "concat");
        String excited = net.last();
        net.convWithBias("residual", 36, Window.square(1)).then("residual.scale", new Op.Scale(0.17));
        net.add("residual.add", excited).then("scale", new Op.Scale(0.3));
        net.stage("enlarged").then("enlarged", new PoolingOp.AdaptiveAveragePool(8));
        net.then("as_it_is", new PoolingOp.AdaptiveAveragePool(2));
        net.convWithBias("whole", 9, Window.square(8));
        String whole = net.last();
        net.stage("tokens").then("map.norm", new TransformerOp.LayerNorm(1e-6));
        net.then("tokens", new TransformerOp.MapToTokens());
        net.then("tokens.norm", new TransformerOp.LayerNorm(1e-5)).then("qkv", new Op.Linear(27, true));
        net.then("attention", new TransformerOp.Attention(3));
        net.then("attention.proj", new Op.Linear(9, false)).then("folded", new TransformerOp.LayerScale());
        net.then("unfolded", new TransformerOp.LayerScale()).tokensToMap("tokens.map", whole);
        net.then("rows", new Op.Linear(5, true)).then("columns", new Op.Linear(6, false));
        net.then("flat", new Op.Flatten()).then("hidden", new Op.Linear(7, false));
        String hidden = net.last();
        net.stage("patches")
                .resumeAt("input")
                .then("patches", new TransformerOp.PatchEmbedding(7, patchSize(inputSize)));
        net.then("class_token", new TransformerOp.ClassToken());
        net.then("positions", new TransformerOp.PositionEmbedding());
        String positions = net.last();
        net.then("mean", new PoolingOp.GlobalAveragePool());
        String mean = net.last();
        net.resumeAt(positions).then("first", new TransformerOp.FirstToken());
        net.add("sum", mean).then("sum.norm", new TransformerOp.LayerNorm(1e-6)).add("all", hidden);
        return net.then("classes", new Op.Linear(4, true)).build("concat", "all");
    }

    /// Returns the smallest divisor of a size that is larger than 3.
    private static int patchSize(int inputSize) {
        return IntStream.rangeClosed(4, inputSize)
                .filter(size -> inputSize % size == 0)
                .findFirst()
                .orElseThrow();
    }
}
