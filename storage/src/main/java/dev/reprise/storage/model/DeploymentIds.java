package dev.reprise.storage.model;

/** The text of deployment ids: {@code dp_1} and 128 bits in base 62, 26 characters in all. */
public final class DeploymentIds {
  private static final String PREFIX = "dp_1";
  private static final int DIGITS = 22;

  private DeploymentIds() {}

  /** The id of these 128 bits, which the caller draws. */
  public static String of(long high, long low) {
    StringBuilder text = new StringBuilder(PREFIX.length() + DIGITS).append(PREFIX);
    Base62.append(text, high, low, DIGITS);
    return text.toString();
  }

  /** Whether this could be a deployment's id. */
  public static boolean isValid(String text) {
    if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + DIGITS) {
      return false;
    }
    try {
      Base62.parse(text, PREFIX.length(), text.length(), 128);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
