package dev.reprise.server.operations;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person may do to an invocation. */
public enum Operation {
  CANCEL,
  KILL,
  PURGE,
  PURGE_JOURNAL,
  PAUSE,
  RESUME,
  RESTART_AS_NEW;

  /** As paths and commands have it, such as {@code purge-journal}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Null when there is none of this name. */
  public static @Nullable Operation ofText(String text) {
    for (Operation operation : values()) {
      if (operation.text().equals(text)) {
        return operation;
      }
    }
    return null;
  }

  /** Whether it may name the deployment to go on with. */
  public boolean choosesDeployment() {
    return this == RESUME || this == RESTART_AS_NEW;
  }
}
