package dev.reprise.storage.table;

import dev.reprise.storage.model.RequestId;

/**
 * That a signal came to an invocation.
 *
 * @param index where its first value stands in the journal
 * @param request who sent it last
 */
public record SignalReceipt(int index, RequestId request) {}
