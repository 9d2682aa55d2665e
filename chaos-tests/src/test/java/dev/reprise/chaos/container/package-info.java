/** The image of this build, and containers of it on a real engine. */
@NullMarked
package dev.reprise.chaos.container;

import org.jspecify.annotations.NullMarked;
