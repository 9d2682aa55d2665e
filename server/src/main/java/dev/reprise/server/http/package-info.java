/**
 * A small HTTP server on given event loops: HTTP/1.1, HTTP/1.0 and HTTP/2 with prior knowledge on
 * one port, whole requests in, whole responses out. What a path means must never enter, nor
 * anything that blocks.
 */
@NullMarked
package dev.reprise.server.http;

import org.jspecify.annotations.NullMarked;
