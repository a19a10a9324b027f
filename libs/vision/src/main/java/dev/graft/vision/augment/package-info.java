/// Varies pictures, so that a network that is trained on few sees many: what is drawn, and what a picture
/// becomes of it.
///
/// ## What can be set
///
/// An [dev.graft.vision.augment.Augmentation] is written `KEY=VALUE,KEY,…`:
///
/// | key | varies |
/// |---|---|
/// | `rotation=A` | the angle, by −A to A degrees, A at most 180 |
/// | `width-shift=A`, `height-shift=A` | the place, by −A to A of the width and of the height, A at most 0.99 |
/// | `shear=A` | the slant, by −A to A degrees, A at most 45 |
/// | `zoom=LOW..HIGH` | width and height, each by its own factor, 0.1 to 10; above 1 shrinks a picture |
/// | `horizontal-flip`, `vertical-flip` | which side is left, or on top: changed half of the times |
/// | `brightness=LOW..HIGH`, `contrast=…`, `saturation=…` | the colours, by factors of 0 to 10 |
/// | `crop=LOW..HIGH` | the part that is looked at: so much of the area, 0.01 to 1 |
/// | `erase=P` | nothing but a box, covered with the mean colour with the probability P |
/// | `mixup=A`, `cutmix=A` | mixes a batch, A at most 10 ([dev.graft.vision.augment.Mixing]) |
/// | `fill=nearest`, `reflect` or `constant` | what is seen beyond the edges: the edge, a mirror, black |
///
/// `zoom=A` and the factors of colours stand for 1 − A to 1 + A. The ranges mean what they mean in Keras'
/// `ImageDataGenerator` (`keras/src/legacy/preprocessing/image.py`), with two differences: shifts are
/// fractions only, and `width-shift` moves columns, whereas Keras moves them by what it drew for the height.
/// `crop` takes the place of the recipe's own crop. The presets are `none`, `light` (small turns and shifts,
/// and a mirror) and `classic` (everything that a picture without an up and down can bear).
///
/// ## What is drawn
///
/// Every value follows from the seed of the run, a purpose, the epoch, and the image's id: it is of the
/// sequence `Draw.of(purpose, seed, epoch, imageId)` ([dev.graft.vision.augment.Draw] says how to compute
/// it). Each purpose has a sequence of its own, so that nothing else changes when a key is added. `u` is the
/// next number of at least 0 and below 1; a value between L and H is L + (H − L) · u; a whole number below n
/// is the whole part of n · u.
///
/// | purpose | drawn |
/// |---|---|
/// | `rotation`, `shear` | degrees between −A and A |
/// | `width-shift`, `height-shift` | a fraction between −A and A, of the prepared picture's side |
/// | `zoom.columns`, `zoom.rows` | a factor between LOW and HIGH |
/// | `horizontal-flip`, `vertical-flip` | whether u < ½ |
/// | `brightness`, `contrast`, `saturation` | a factor between LOW and HIGH |
/// | `crop` | up to ten times area, logarithm of width / height; when it fits, top row, left column |
/// | `erase` | whether u < P; then as for `crop`, but with the logarithm of height / width |
/// | `mix` | as [dev.graft.vision.augment.Mixing] says, with the number of the step for the image's id |
///
/// ## What becomes of a picture
///
/// In this order: crop, while the file is decoded and resized; one affine resampling; flips; brightness;
/// contrast; saturation; erase. What is not set is left out, and leaves the bytes as they are. Sines,
/// logarithms and exponentials are those of `StrictMath`, so that the bytes are the same on every machine.
///
/// Everything public here but [dev.graft.vision.augment.Draw] is immutable and safe for many threads. It must
/// not know networks, training, or how batches are made.
@NullMarked
package dev.graft.vision.augment;

import org.jspecify.annotations.NullMarked;
