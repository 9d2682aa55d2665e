/** What a partition remembers. Rooms within: nouns, typed tables, their codecs, ordered bytes. */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage;
