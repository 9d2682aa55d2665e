package dev.reprise.storage.table;

import dev.reprise.storage.model.RequestId;

/**
 * That a signal came to an invocation.
 *
 * @param index where it stands in the journal; of more than one, the last
 * @param request who sent that one
 */
public record SignalReceipt(int index, RequestId request) {}
