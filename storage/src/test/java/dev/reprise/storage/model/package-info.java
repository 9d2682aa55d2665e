/** Tests of the nouns. Nothing that stores or runs them may enter. */
@NullMarked
package dev.reprise.storage.model;

import org.jspecify.annotations.NullMarked;
