/// Real backends and house rules for the tests of every module.
///
/// Used in test scope only; knows no service.
@NullMarked
package dev.graft.testkit;

import org.jspecify.annotations.NullMarked;
