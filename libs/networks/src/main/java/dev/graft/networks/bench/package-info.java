/// What the measuring programs of engines are asked and what they answer, for those who start them as processes.
///
/// Knows no engine: the programs are in the module `graft-pytorch`, which has all engines, and in the trainer.
@NullMarked
package dev.graft.networks.bench;

import org.jspecify.annotations.NullMarked;
