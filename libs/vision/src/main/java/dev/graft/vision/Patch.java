package dev.graft.vision;

/// Holds a decoded part of a larger picture, whose top left corner lies at `left`, `top` there.
record Patch(int left, int top, Pixels pixels) {}
