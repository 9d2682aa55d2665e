/**
 * How a node comes into its cluster and stays in it: discovery, founding and joining, what the
 * nodes tell each other about themselves, and the work that brings the logs' members in line with
 * the metadata. Nothing of clients' requests.
 */
@NullMarked
package dev.reprise.server.membership;

import org.jspecify.annotations.NullMarked;
