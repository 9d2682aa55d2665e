/**
 * What authors of services see: annotations, the context of a handler, futures and errors. Neither
 * the protocol's messages nor a server's class may enter.
 *
 * <p>More than twenty types on purpose: authors find all of them behind one import.
 */
@NullMarked
package dev.reprise.sdk;

import org.jspecify.annotations.NullMarked;
