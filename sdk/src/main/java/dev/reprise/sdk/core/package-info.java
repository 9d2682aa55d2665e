/**
 * The replay machine: what one attempt knows of its journal, and which messages the protocol wants
 * next. Messages go in, messages come out; no thread, no socket, no clock of its own and no user
 * class may enter.
 *
 * <p>More than twenty types on purpose: they share what nobody else may see.
 */
@NullMarked
package dev.reprise.sdk.core;

import org.jspecify.annotations.NullMarked;
