/**
 * The frames of the service protocol, read and written: what an endpoint says becomes statements
 * for the log, and what may not be said is refused. No stream, timer or attempt may enter.
 */
@NullMarked
package dev.reprise.server.invoker.frames;

import org.jspecify.annotations.NullMarked;
