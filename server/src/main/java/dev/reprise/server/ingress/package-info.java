/**
 * What a request of a client means, whichever door it came through: which handler it names, whether
 * it may be invoked so, and how that is asked of the partitions. The doors add their accents. No
 * socket and no wire format of a door may enter, nor a rule of execution.
 */
@NullMarked
package dev.reprise.server.ingress;

import org.jspecify.annotations.NullMarked;
