/// Talks to the services over REST: requests, views of what they answer, and what their problems mean to a user.
///
/// It must not print, and must not know commands.
@NullMarked
package dev.graft.cli.rest;

import org.jspecify.annotations.NullMarked;
