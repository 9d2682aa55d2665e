/**
 * The replicated log: what a replica is told, in one agreed order, and how its leader adds to it.
 * No rule of durable execution may enter; entries are bytes here.
 */
@NullMarked
package dev.reprise.cluster.log;

import org.jspecify.annotations.NullMarked;
