package dev.reprise.examples;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;

/** What others know of {@link DataRetrieval}: enough to call it from another handler. */
@Service("retrievedata")
public interface Downloads {
  record User(String userId) {}

  record Link(String url) {}

  @Handler
  Link prepareDownload(User user);
}
