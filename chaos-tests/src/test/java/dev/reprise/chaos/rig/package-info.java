/**
 * The rig of the storm: processes that can be killed, clients with deadlines, and a place where
 * effects outlive whoever caused them. No expectation about the server may enter; those are the
 * tests'.
 *
 * <p>A little more than twenty classes: each is small, and most are a kind of process or of door.
 */
@NullMarked
package dev.reprise.chaos.rig;

import org.jspecify.annotations.NullMarked;
