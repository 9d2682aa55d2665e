/**
 * Between user code and the replay machine: reads annotated classes, executes a handler on its own
 * thread, and gives it a context. Independent of how frames travel; no socket may enter.
 */
@NullMarked
package dev.reprise.sdk.runtime;

import org.jspecify.annotations.NullMarked;
