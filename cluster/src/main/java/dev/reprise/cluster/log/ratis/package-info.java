/**
 * The replicated log on Apache Ratis: one server per process, one Raft group per log; the only
 * importer of {@code org.apache.ratis}. No meaning of an entry may enter, and no Ratis type may
 * leave.
 */
@NullMarked
package dev.reprise.cluster.log.ratis;

import org.jspecify.annotations.NullMarked;
