/** Bugs that are put into servers, so that the storm can show that it finds them. */
@NullMarked
package dev.reprise.chaos.plant;

import org.jspecify.annotations.NullMarked;
