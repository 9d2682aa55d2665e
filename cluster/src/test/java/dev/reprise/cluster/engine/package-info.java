/**
 * Stories about the rules of a partition: log commands in, results, actions and tables out. No
 * thread, no clock and no leader may enter.
 */
@NullMarked
package dev.reprise.cluster.engine;

import org.jspecify.annotations.NullMarked;
