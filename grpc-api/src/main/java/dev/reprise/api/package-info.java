/**
 * The contracts: what others may say to us and in which bytes. Message numbers, the frame header
 * and the generated classes live here. No logic and no dependency on another room may enter.
 */
@NullMarked
package dev.reprise.api;

import org.jspecify.annotations.NullMarked;
