/**
 * The tables of a partition: which there are, how their keys are laid out, and the one handle to
 * all of them. Order is the feature. No rule of what may stand in them may enter.
 */
@NullMarked
package dev.reprise.storage.table;

import org.jspecify.annotations.NullMarked;
