/// Holds the architectures, one file a family, each written as in its paper and named as timm names it.
///
/// Knows only the network description: neither weights nor engines.
@NullMarked
package dev.graft.networks.architecture;

import org.jspecify.annotations.NullMarked;
