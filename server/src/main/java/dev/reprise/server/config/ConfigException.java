package dev.reprise.server.config;

import java.util.List;

/**
 * The configuration cannot be used; the message has a line for each thing that is wrong with it.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  ConfigException(List<String> messages) {
    super(String.join("\n", messages));
  }
}
