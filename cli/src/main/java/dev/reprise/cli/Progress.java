package dev.reprise.cli;

/**
 * How far a long work is, on standard error: a bar that is drawn over itself on a terminal, and
 * else a line whenever something has changed.
 */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 24;
  private static final String OVER = "\r\u001b[2K";

  private final Output output;
  private final String what;
  private String last = "";

  /**
   * @param what is being done, as the begin of a line
   */
  Progress(Output output, String what) {
    this.output = output;
    this.what = what;
  }

  /** So much is done. */
  void at(long done, long total, String unit) {
    long all = Math.max(total, done);
    String text = what + "  " + done + " of " + all + " " + unit;
    if (text.equals(last)) {
      return;
    }
    last = text;
    if (output.colour()) {
      int full = all == 0 ? WIDTH : (int) (done * WIDTH / all);
      String bar = "#".repeat(full) + ".".repeat(WIDTH - full);
      output.err().print(OVER + what + "  [" + bar + "] " + done + " of " + all + " " + unit);
      output.err().flush();
    } else {
      output.err().println(text);
    }
  }

  /** Leaves the last bar where it is. */
  @Override
  public void close() {
    if (output.colour() && !last.isEmpty()) {
      output.err().println();
      output.err().flush();
    }
  }
}
