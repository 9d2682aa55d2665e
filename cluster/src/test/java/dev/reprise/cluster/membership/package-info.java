@NullMarked
package dev.reprise.cluster.membership;

import org.jspecify.annotations.NullMarked;
