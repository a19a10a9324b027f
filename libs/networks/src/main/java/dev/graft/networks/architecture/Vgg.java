package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds the networks of the Visual Geometry Group (Simonyan and Zisserman, 2014, arXiv:1409.1556). The first
/// two of the three dense layers are convolutions over the whole map, as in the paper's evaluation of larger
/// images: there they give several positions, which are averaged before the classifier.
final class Vgg {
    private static final List<Integer> CHANNELS = List.of(64, 128, 256, 512, 512);
    private static final int DENSE_CHANNELS = 4096;

    /// Height and width of the map that the first dense layer takes; the maps of smaller images are enlarged
    /// to it.
    private static final int DENSE_WINDOW = 7;

    /// Table 1 of the paper, columns D and E: convolutions in each block.
    private static final List<Member> MEMBERS =
            List.of(new Member("vgg16", List.of(2, 2, 3, 3, 3)), new Member("vgg19", List.of(2, 2, 4, 4, 4)));

    static final Family FAMILY = Family.of(MEMBERS, Member::name, Vgg::build);

    private Vgg() {}

    private static Network build(Member member) {
        NetworkBuilder net = new NetworkBuilder(member.name(), 224);
        int position = 0; // of a module in timm's sequence, which counts activations and poolings as well
        for (int block = 1; block <= CHANNELS.size(); block++) {
            String stage = "block" + block;
            net.stage(stage);
            for (int conv = 1; conv <= member.convolutions().get(block - 1); conv++) {
                net.convWithBias(
                        "features." + position,
                        CHANNELS.get(block - 1),
                        Window.square(3).centred());
                net.activate(stage + "_conv" + conv, Activation.RELU);
                position += 2;
            }
            net.then(stage + "_pool", new PoolingOp.MaxPool(Window.square(2).stride(2)));
            position++;
        }
        String featureMap = net.last();
        net.stage("fc1").then("pre_logits.enlarged", new PoolingOp.AdaptiveAveragePool(DENSE_WINDOW));
        net.convWithBias("pre_logits.fc1", DENSE_CHANNELS, Window.square(DENSE_WINDOW));
        net.activate("pre_logits.act1", Activation.RELU);
        net.stage("fc2").convWithBias("pre_logits.fc2", DENSE_CHANNELS, Window.square(1));
        net.activate("pre_logits.act2", Activation.RELU);
        return net.pooledClassifier(featureMap, "head.fc", Family.CLASSES);
    }

    private record Member(String name, List<Integer> convolutions) {}
}
