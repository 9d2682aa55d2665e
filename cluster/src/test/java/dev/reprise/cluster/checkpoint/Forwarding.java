package dev.reprise.cluster.checkpoint;

/** Passes on what another one offers. */
class Forwarding implements Checkpoint {
  private final Checkpoint to;

  Forwarding(Checkpoint to) {
    this.to = to;
  }

  @Override
  public String from() {
    return to.from();
  }

  @Override
  public Manifest manifest() {
    return to.manifest();
  }

  @Override
  public byte[] read(Manifest.Part part, long offset, int length) {
    return to.read(part, offset, length);
  }

  @Override
  public void refuse() {
    to.refuse();
  }

  @Override
  public void close() {
    to.close();
  }
}
