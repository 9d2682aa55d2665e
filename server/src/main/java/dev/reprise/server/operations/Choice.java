package dev.reprise.server.operations;

import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.DeploymentIds;

/**
 * How an operation is to be done, where there is a choice.
 *
 * @param deployment which one it goes on with: {@link #KEEP}, {@link #LATEST} or an id
 * @param throughIndex of a restart: the last journal entry to copy; 0 copies only the input
 */
public record Choice(String deployment, int throughIndex) {
  static final String KEEP = "keep";
  static final String LATEST = "latest";

  /** What an operation does when nothing is said. */
  public static Choice usual(Operation operation) {
    return new Choice(operation == Operation.RESTART_AS_NEW ? LATEST : KEEP, 0);
  }

  /** With this deployment, as a request writes it. Throws {@link Refused}. */
  public Choice withDeployment(String text) {
    String choice =
        switch (text) {
          case "keep", "Keep" -> KEEP;
          case "latest", "Latest" -> LATEST;
          default -> text;
        };
    boolean named = choice.equals(KEEP) || choice.equals(LATEST);
    if (!named && !DeploymentIds.isValid(choice)) {
      throw new Refused(
          Reason.BAD_ID, "Expected keep, latest or a deployment id, but got '" + text + "'");
    }
    return new Choice(choice, throughIndex);
  }

  /** Copying the journal through this entry. Throws {@link Refused}. */
  public Choice withThroughIndex(long index) {
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw new Refused(
          Reason.BAD_RANGE, "Expected the index of a journal entry, but got " + index);
    }
    return new Choice(deployment, (int) index);
  }

  boolean keeps() {
    return deployment.equals(KEEP);
  }

  boolean takesLatest() {
    return deployment.equals(LATEST);
  }
}
