/// Models: the files of a version's bundle, the register of versions, and which of them is in production.
@NullMarked
package dev.graft.trainer.model;

import org.jspecify.annotations.NullMarked;
