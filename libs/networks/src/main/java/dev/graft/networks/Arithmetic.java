package dev.graft.networks;

import java.util.regex.Pattern;

/// The arithmetic of a forward pass, as far as it changes the features.
public sealed interface Arithmetic {
    /// Single precision; all engines agree within the stated tolerance.
    record Float32() implements Arithmetic {
        @Override
        public String toString() {
            return "f32";
        }
    }

    /// Eight-bit integers with fixed ranges; ONNX Runtime on a CPU only.
    ///
    /// @param rangesSha256 digest of the file of ranges, lower-case hex
    record Int8(String rangesSha256) implements Arithmetic {
        /// Checks that the digest is one.
        public Int8 {
            Digests.requireSha256(rangesSha256);
        }

        @Override
        public String toString() {
            return "int8:" + rangesSha256;
        }
    }

    /// The precision of everything that says nothing else.
    Arithmetic F32 = new Float32();

    /// Reads the written form, `f32` or `int8:` and the digest of the ranges.
    ///
    /// @throws IllegalArgumentException when the text is neither
    static Arithmetic parse(String text) {
        if (text.equals("f32")) {
            return F32;
        }
        String[] parts = Pattern.compile(":").split(text, 2);
        if (parts.length == 2 && parts[0].equals("int8")) {
            return new Int8(parts[1]);
        }
        throw new IllegalArgumentException("'" + text + "' is no precision: write f32 or int8:DIGEST");
    }
}
