package dev.reprise.cluster.checkpoint;

/** Counts what is fetched. */
final class Counting extends Forwarding {
  private long bytes;

  Counting(Checkpoint to) {
    super(to);
  }

  long bytes() {
    return bytes;
  }

  @Override
  public byte[] read(Manifest.Part part, long offset, int length) {
    byte[] read = super.read(part, offset, length);
    bytes += read.length;
    return read;
  }
}
