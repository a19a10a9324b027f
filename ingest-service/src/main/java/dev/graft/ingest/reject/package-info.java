/// Files that were refused, why, and another try for them.
@NullMarked
package dev.graft.ingest.reject;

import org.jspecify.annotations.NullMarked;
