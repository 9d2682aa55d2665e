/** Tests of single codecs. All formats together are locked in the tests of tables. */
@NullMarked
package dev.reprise.storage.codec;

import org.jspecify.annotations.NullMarked;
