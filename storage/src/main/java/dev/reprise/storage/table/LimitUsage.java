package dev.reprise.storage.table;

/**
 * What counts at one level of limits now.
 *
 * @param running invocations that have a place here
 * @param waiting invocations that wait here for a place
 */
public record LimitUsage(int running, int waiting) {
  public static final LimitUsage NOTHING = new LimitUsage(0, 0);

  LimitUsage plus(int running, int waiting) {
    return new LimitUsage(this.running + running, this.waiting + waiting);
  }
}
