package dev.graft.pytorch.training;

/// A rule by which parameters `p` are moved down their gradients `g` at a learning rate η, with PyTorch's
/// meaning of every number (https://docs.pytorch.org/docs/stable/optim.html). Weight decay λ is for parameters
/// of two axes or more. Immutable.
public sealed interface Descent {
    /// Returns λ, at least 0.
    double weightDecay();

    /// Gradient descent with momentum: `g ← g + λp`, `v ← μv + g`, `p ← p − ηv`, where `v` begins as 0. The
    /// learning rate is no part of the velocity.
    ///
    /// @param momentum μ, from 0 to less than 1
    /// @param weightDecay λ
    record Sgd(double momentum, double weightDecay) implements Descent {
        /// Checks the numbers.
        public Sgd {
            requireShare("momentum", momentum);
            requireDecay(weightDecay);
        }
    }

    /// Adam (Kingma and Ba, 2015, arXiv:1412.6980): `g ← g + λp`, `m ← β₁m + (1 − β₁)g`,
    /// `v ← β₂v + (1 − β₂)g²`, `p ← p − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)` in step `t` from 1, with
    /// the paper's β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
    ///
    /// @param weightDecay λ
    record Adam(double weightDecay) implements Descent {
        /// Checks the number.
        public Adam {
            requireDecay(weightDecay);
        }
    }

    /// AdamW (Loshchilov and Hutter, 2019, arXiv:1711.05101): as Adam, but the decay is no part of the
    /// gradient: `p ← (1 − ηλ)p` comes first.
    ///
    /// @param weightDecay λ
    record AdamW(double weightDecay) implements Descent {
        /// Checks the number.
        public AdamW {
            requireDecay(weightDecay);
        }
    }

    /// RMSprop (Tieleman and Hinton, 2012, Coursera, lecture 6e): `g ← g + λp`, `v ← αv + (1 − α)g²`,
    /// `b ← μb + g / (√v + ε)`, `p ← p − ηb`, with the α = 0.9 of the lecture and of Keras, and Keras' ε = 10⁻⁷
    /// (https://keras.io/api/optimizers/rmsprop).
    ///
    /// @param momentum μ, from 0 to less than 1
    /// @param weightDecay λ
    record RmsProp(double momentum, double weightDecay) implements Descent {
        /// Checks the numbers.
        public RmsProp {
            requireShare("momentum", momentum);
            requireDecay(weightDecay);
        }
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(what + " is from 0 to less than 1, not " + share);
        }
    }

    private static void requireDecay(double decay) {
        if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weight decay is at least 0, not " + decay);
        }
    }
}
