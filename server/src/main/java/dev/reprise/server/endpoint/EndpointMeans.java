package dev.reprise.server.endpoint;

/**
 * What the loops of a node share to reach endpoints. Any thread.
 *
 * @param names where hosts are looked up
 * @param trust which endpoints are believed to be who they say
 * @param signer proves to them who asks
 * @param functions the way to those that are functions
 */
public record EndpointMeans(
    HostNames names, EndpointTrust trust, RequestSigner signer, Functions functions) {
  /** Nothing but the network, and whom the platform trusts. */
  public static EndpointMeans plain(HostNames names) {
    return new EndpointMeans(names, EndpointTrust.platform(), RequestSigner.NONE, Functions.NONE);
  }
}
