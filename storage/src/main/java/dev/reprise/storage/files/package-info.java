/** Files beside the stores. */
@NullMarked
package dev.reprise.storage.files;

import org.jspecify.annotations.NullMarked;
