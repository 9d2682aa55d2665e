/**
 * The store that lives in memory and can be made to forget, to fail and to be slow, for tests and
 * for the simulation.
 *
 * <p>What must never enter: a behaviour that the store on disk could not show.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv.memory;
