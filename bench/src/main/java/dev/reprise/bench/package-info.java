/**
 * The scales: what is started from the command line, the workloads, and the table that compares
 * servers. Nothing that knows one server's inside may enter: all are measured over their public
 * protocols.
 */
@NullMarked
package dev.reprise.bench;

import org.jspecify.annotations.NullMarked;
