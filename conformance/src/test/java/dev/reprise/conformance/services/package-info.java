/**
 * The services of the rows, with the official Java SDK: the same names, requests and answers as
 * those in {@code conformance/typescript}, so that one row drives either. Nothing in them knows
 * which server is judged.
 */
@NullMarked
package dev.reprise.conformance.services;

import org.jspecify.annotations.NullMarked;
