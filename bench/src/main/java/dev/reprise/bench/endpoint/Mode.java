package dev.reprise.bench.endpoint;

/** How attempts are exchanged; each mode is served under a base path of its own. */
enum Mode {
  /** Both directions of a stream stay open. */
  STREAMING("/b", "", "BIDI_STREAM"),
  /** The request ends after the journal; whatever needs an answer suspends. */
  REQUEST_RESPONSE("/rr", "R", "REQUEST_RESPONSE");

  private final String basePath;
  private final String servicePrefix;
  private final String protocolName;

  Mode(String basePath, String servicePrefix, String protocolName) {
    this.basePath = basePath;
    this.servicePrefix = servicePrefix;
    this.protocolName = protocolName;
  }

  String basePath() {
    return basePath;
  }

  /** Services have other names in each mode, so that one server may know both. */
  String serviceName(String service) {
    return servicePrefix + service;
  }

  String protocolName() {
    return protocolName;
  }
}
