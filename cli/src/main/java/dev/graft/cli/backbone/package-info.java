/// Lists the backbones, and the layers of one. The layers come from the description of the network: no weights
/// and no service are needed.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.backbone;

import org.jspecify.annotations.NullMarked;
