/** What is done to a cluster, when, and from which seed. Knows nothing of what clients do. */
@NullMarked
package dev.reprise.chaos.fault;

import org.jspecify.annotations.NullMarked;
