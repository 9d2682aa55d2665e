/** Tests of tables and of the bytes that they keep. No rule of durable execution may enter. */
@NullMarked
package dev.reprise.storage.table;

import org.jspecify.annotations.NullMarked;
