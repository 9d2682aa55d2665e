package dev.reprise.storage.table;

/**
 * The first byte of every key. Each number is given once and never again; a retired table stays
 * here as a tombstone.
 */
public enum TableId {
  META(1),
  INVOCATION(2),
  COMPLETED(3),
  EXPIRY(4),
  JOURNAL(5),
  PENDING(6),
  TIMER(7),
  LOCK(8),
  INBOX(9),
  STATE(10),
  OUTBOX(11),
  OUTBOX_NEXT(12),
  DEDUP(13),
  SIGNAL(14),
  PROMISE(15),
  PATCH(16),
  LIMIT_RULES(17),
  LIMIT_USAGE(18),
  LIMIT_QUEUE(19);

  private final int number;

  TableId(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
