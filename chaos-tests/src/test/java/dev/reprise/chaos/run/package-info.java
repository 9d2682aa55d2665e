/** One run of the storm: clients, faults, verdicts and the page that shows them. */
@NullMarked
package dev.reprise.chaos.run;

import org.jspecify.annotations.NullMarked;
