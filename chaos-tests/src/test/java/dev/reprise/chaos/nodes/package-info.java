/** Several nodes as processes of this machine, and what they must not say. */
@NullMarked
package dev.reprise.chaos.nodes;

import org.jspecify.annotations.NullMarked;
