/** Tests of the log's format and of journal frames. No rule may enter. */
@NullMarked
package dev.reprise.cluster.codec;

import org.jspecify.annotations.NullMarked;
