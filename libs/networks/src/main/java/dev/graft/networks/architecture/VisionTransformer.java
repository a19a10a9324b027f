package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.TransformerOp;
import java.util.List;

/// Builds the vision transformer (Dosovitskiy et al., 2021, arXiv:2010.11929) in the form of DINOv2 (Oquab et
/// al., 2023, arXiv:2304.07193), which scales what every branch adds. It has no classifier: its result is the
/// class token.
final class VisionTransformer {
    private static final int INPUT_SIZE = 224;
    private static final int EXPANSION = 4;
    private static final double EPSILON = 1e-6;

    /// The members: names, patch size, channels, blocks and heads.
    private static final List<Member> MEMBERS = List.of(new Member("vit_small_patch14_dinov2", 14, 384, 12, 6));

    static final Family FAMILY = Family.of(
            MEMBERS,
            Member::name,
            member -> new VisionTransformer(new NetworkBuilder(member.name(), INPUT_SIZE), member).build());

    private final NetworkBuilder net;
    private final Member member;

    private VisionTransformer(NetworkBuilder net, Member member) {
        this.net = net;
        this.member = member;
    }

    private Network build() {
        net.stage("patch_embed");
        net.then("patch_embed.proj", new TransformerOp.PatchEmbedding(member.channels(), member.patchSize()));
        net.then("cls_token", new TransformerOp.ClassToken()).then("pos_embed", new TransformerOp.PositionEmbedding());
        for (int block = 0; block < member.blocks(); block++) {
            String name = "blocks." + block;
            net.stage(name);
            attention(name);
            perceptron(name);
        }
        net.stage("norm").then("norm", new TransformerOp.LayerNorm(EPSILON));
        String tokens = net.last();
        net.stage("global_pool").then("global_pool", new TransformerOp.FirstToken());
        return net.build(tokens, net.last());
    }

    /// Adds the branch that mixes the tokens.
    private void attention(String block) {
        String shortcut = net.last();
        net.then(block + ".norm1", new TransformerOp.LayerNorm(EPSILON));
        net.then(block + ".attn.qkv", new Op.Linear(3 * member.channels(), true));
        net.then(block + ".attn.heads", new TransformerOp.Attention(member.heads()));
        net.then(block + ".attn.proj", new Op.Linear(member.channels(), true));
        net.then(block + ".ls1.gamma", new TransformerOp.LayerScale());
        net.add(block + ".add1", shortcut);
    }

    /// Adds the branch that takes each token alone.
    private void perceptron(String block) {
        String shortcut = net.last();
        net.then(block + ".norm2", new TransformerOp.LayerNorm(EPSILON));
        net.then(block + ".mlp.fc1", new Op.Linear(EXPANSION * member.channels(), true));
        net.activate(block + ".mlp.act", Activation.GELU);
        net.then(block + ".mlp.fc2", new Op.Linear(member.channels(), true));
        net.then(block + ".ls2.gamma", new TransformerOp.LayerScale());
        net.add(block + ".add2", shortcut);
    }

    private record Member(String name, int patchSize, int channels, int blocks, int heads) {}
}
