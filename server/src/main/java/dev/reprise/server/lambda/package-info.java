/**
 * Endpoints that are functions on AWS Lambda: the envelope that a request is put into, compression,
 * and the AWS SDK, which only this package knows and which is loaded with the first call. What is
 * said inside a request must not enter: that is the invoker's.
 */
@NullMarked
package dev.reprise.server.lambda;

import org.jspecify.annotations.NullMarked;
