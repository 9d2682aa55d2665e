/** The rows, by feature. They say what the programming model promises, and to whom it is said. */
@NullMarked
package dev.reprise.conformance.rows;

import org.jspecify.annotations.NullMarked;
