/// Images by their id, whatever dataset they are in.
@NullMarked
package dev.graft.ingest.image;

import org.jspecify.annotations.NullMarked;
