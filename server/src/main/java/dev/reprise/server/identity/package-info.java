/**
 * Who this server is to the endpoints that it calls: signs requests, so that an endpoint need not
 * answer strangers. Nothing about connections may enter.
 */
@NullMarked
package dev.reprise.server.identity;

import org.jspecify.annotations.NullMarked;
