/**
 * What every store promises, and the words that tests use about stores.
 *
 * <p>What must never enter: a promise that only one of the stores keeps.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv;
