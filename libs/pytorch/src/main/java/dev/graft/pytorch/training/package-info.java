/// Trains some steps of a network in PyTorch and leaves all others bit for bit as they are: the part of a
/// network above a step, and the head behind it, are differentiated by PyTorch and moved by a rule of descent.
///
/// The parameters lie still between steps and need no gradient. Each step makes views of those that are
/// trained, differentiates by the views, and closes them with their gradients: so nothing is kept from step to
/// step that was forgotten to be cleared, and nothing can move that was not named. Normalisations are folded
/// into the convolutions they read ([dev.graft.networks.folding]), as they are when the network is served;
/// their gradients are taken back to the published parameters once a step. The slope of the loss is computed in
/// Java ([dev.graft.networks.training.Loss]).
///
/// On a CUDA device the rows that are differentiated together follow from its free memory; what knows of
/// that memory is one interface, behind which there is CUDA or, in tests, a memory of any size.
///
/// All native memory belongs to the [dev.graft.pytorch.training.FineTuner] that made it and is freed when that
/// is closed. Knows networks, weights and DJL; must not know ONNX, engines, or where images and labels come
/// from.
@NullMarked
package dev.graft.pytorch.training;

import org.jspecify.annotations.NullMarked;
