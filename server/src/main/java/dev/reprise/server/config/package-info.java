/**
 * What a node can be told, and by whom: the catalogue of options, the files, variables and flags
 * that set them, and the pages that list them. Knows no room that an option is for.
 */
@NullMarked
package dev.reprise.server.config;

import org.jspecify.annotations.NullMarked;
