/**
 * The port between nodes: questions of a router on one node to the leaders on another. What is
 * asked again, and when, is the router's affair.
 */
@NullMarked
package dev.reprise.server.internode;

import org.jspecify.annotations.NullMarked;
