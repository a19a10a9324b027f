/// Lists the backbones, and the layers of one. The layers come from the description of the network: no
/// weights are needed, and a service only to say of which network a version of a model is.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.backbone;

import org.jspecify.annotations.NullMarked;
