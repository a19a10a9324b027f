/// Talks to the services over REST: requests, views of the responses, and what problems mean to a user.
///
/// Of the other packages of the command line it knows `folder` only, whose files it sends.
@NullMarked
package dev.graft.cli.rest;

import org.jspecify.annotations.NullMarked;
