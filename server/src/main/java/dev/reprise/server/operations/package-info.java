/**
 * What a person may do to invocations and to state, and see of them, whichever door asks. Rules of
 * execution must never enter: what is asked goes to the partitions.
 */
@NullMarked
package dev.reprise.server.operations;

import org.jspecify.annotations.NullMarked;
