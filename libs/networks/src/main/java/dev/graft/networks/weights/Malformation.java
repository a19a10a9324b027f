package dev.graft.networks.weights;

/// Names every reason for which weights are refused.
public enum Malformation {
    /// The file is a Python pickle, bare or in a PyTorch archive: reading one runs code.
    PICKLE,
    /// The file is shorter than the eight bytes that give the header's length.
    TOO_SHORT,
    /// The header is longer than any sane file's.
    HEADER_TOO_LARGE,
    /// The header ends after the file.
    HEADER_BEYOND_FILE,
    /// The header is not a JSON object of the expected form.
    HEADER_NOT_JSON,
    /// A key stands twice in one object of the header.
    DUPLICATE_KEY,
    /// A tensor's entry lacks a field or has one too many, or a field of the wrong type.
    BAD_ENTRY,
    /// The header declares more tensors or texts than any sane file's.
    TOO_MANY_ENTRIES,
    /// A tensor has a type of element that is not known here: floats of fewer than 16 bits, or none at all.
    UNKNOWN_DTYPE,
    /// A shape has a negative or an enormous extent.
    BAD_SHAPE,
    /// A tensor's bytes do not have the size that its shape and type ask for.
    SIZE_MISMATCH,
    /// Two tensors share bytes.
    OVERLAP,
    /// Bytes between two tensors, or before the first, belong to none.
    HOLE,
    /// A tensor's bytes end after the file.
    DATA_BEYOND_FILE,
    /// Bytes after the last tensor belong to none.
    TRAILING_BYTES,
    /// A tensor holds a value that is infinite or not a number.
    NOT_FINITE,
    /// A tensor that is wanted is not there.
    MISSING_TENSOR,
    /// A tensor is there that the architecture does not have.
    UNEXPECTED_TENSOR,
    /// A tensor has another shape than is wanted.
    WRONG_SHAPE,
    /// A tensor's elements are not floating-point numbers of 16, 32 or 64 bits.
    WRONG_DTYPE,
    /// The bytes are not the expected ones: their SHA-256 differs.
    WRONG_DIGEST
}
